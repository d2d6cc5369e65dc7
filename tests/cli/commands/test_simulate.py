"""`mdxdash simulate`: a stand-in agent as a program."""

import json

import pytest

from tests.support.programs import running, url_of
from tests.support.recorded import RECORDINGS


@pytest.mark.parametrize(("name", "count"), [("messages.jsonl", 277), ("alllog.jsonl", 555)])
def test_a_stand_in_plays_the_agents_side_of_a_recording(name: str, count: int) -> None:
    with running("serve", "--port", "0", "--format", "jsonl", "--filter", "dir:in") as serve:
        play = ("--from", str(RECORDINGS / name), "--speed", "500")
        with running("simulate", "--url", url_of(serve), *play):
            events = [json.loads(serve.line()) for _ in range(count)]
    assert events[-1]["type"] == "TIMER_EVENT_STOP" and events[-1]["args"] == "heart"
    assert {event["kind"] for event in events} == {"received" if count == 277 else "log"}


def test_a_stand_in_reports_that_it_is_connected_and_no_more() -> None:
    with running("serve", "--port", "0") as serve:
        with running("simulate", "--url", url_of(serve)) as agent:
            assert agent.diagnostic() == "mdxdash simulate: connected"
            serve.process.kill()
            assert agent.diagnostic().startswith("mdxdash simulate: disconnected: ")
            assert agent.diagnostic() == (
                "mdxdash simulate: no connection to /chat after 0 retries: nothing listens there"
            )
            assert agent.end() == 1
