"""What a face asks for is done or refused, whatever stands in it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdxdash.remote.faces.attached_faces import AttachedFaces
from mdxdash.remote.faces.requests import READ_EVENTS, Requests
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.protocol import LINE_BYTES, Read, Send
from tests.remote.faces.test_face import ATTACH, lines
from tests.support.faces import StillLink, session_in
from tests.support.hostile_text import HOSTILE_CHARACTERS
from tests.support.waiting import GUARD

MACROS = """\
[[macro]]
name = "Greet"
send = "HELLO|{who}"
params = { who = "you" }
[[macro]]
name = "Beat"
every = "1h"
send = "BEAT"
"""

TEXTS = st.one_of(
    st.sampled_from(["Greet", "Beat", "chat", "all", "=chat", "*", "", "A|1"]),
    st.text(HOSTILE_CHARACTERS, max_size=8),
)
NUMBERS = st.one_of(st.integers(-3, 30), st.integers())
FIELDS: dict[str, dict[str, Any]] = {
    "send": {"line": TEXTS, "to": st.none() | TEXTS, "sure": st.booleans()},
    "read": {"start": NUMBERS, "stop": NUMBERS},
    "mark": {"seq": NUMBERS},
    "fire": {"macro": TEXTS, "params": st.none() | st.dictionaries(TEXTS | st.just("who"), TEXTS)},
    "switch": {"macro": TEXTS},
    "stop-macros": {"macro": st.none() | TEXTS, "run": st.none() | NUMBERS},
    "status": {},
    "seen": {"seq": NUMBERS},
    "stop-hub": {"sure": st.booleans()},
    "release": {},
    "attach": {"protocol": NUMBERS, "face": TEXTS, "tail": NUMBERS, "after": NUMBERS},
    "nonsense": {},
}
WITHOUT_ANSWER = ("mark", "seen", "attach")
REQUESTS = st.sampled_from([*FIELDS]).flatmap(
    lambda name: st.fixed_dictionaries({"do": st.just(name), **FIELDS[name]})
)


def requests_of(session: HubSession) -> Requests:
    return Requests(session, "attach", lambda: (), read_only=False, elsewhere=False)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(REQUESTS, max_size=8))
def test_every_request_gets_one_answer(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    async def ask() -> None:
        session = session_in(tmp_path, macros=MACROS, recording_enabled=False)
        for number in range(10):
            session.log.append("received", "chat", "A", f"{number}")
        faces, link = AttachedFaces(session), StillLink()
        face = faces.open(link)
        face.receive(lines(ATTACH))
        link.lines.clear()
        said = [{**each, "id": number} for number, each in enumerate(asked)]
        face.receive("".join(json.dumps(each) + "\n" for each in said).encode())
        async with asyncio.timeout(GUARD):
            while len(link.lines) < sum(each["do"] not in WITHOUT_ANSWER for each in said):
                await asyncio.sleep(0.001)
        assert not link.closed
        faces.close()

    asyncio.run(ask())


@pytest.fixture
def session(tmp_path: Path) -> HubSession:
    return session_in(tmp_path, macros=MACROS, recording_enabled=False)


async def test_of_many_events_the_latest_that_fit_are_read(session: HubSession) -> None:
    for _ in range(READ_EVENTS + 100):
        session.log.append("received", "chat", "A")
    answer = await requests_of(session).read(Read(1, READ_EVENTS + 101, 1))
    assert len(answer.events) < READ_EVENTS
    assert len(msgspec.json.encode(answer)) < LINE_BYTES
    seqs = [json.loads(bytes(event))["seq"] for event in answer.events]
    assert seqs == [*range(seqs[0], READ_EVENTS + 101)]


async def test_an_event_longer_than_an_answer_is_read_all_the_same(session: HubSession) -> None:
    session.log.append("received", "chat", "A")
    session.log.append("received", "chat", "A", "x" * 2 * LINE_BYTES)
    answer = await requests_of(session).read(Read(1, 3, 1))
    assert [json.loads(bytes(event))["seq"] for event in answer.events] == [2]


async def test_what_a_message_causes_has_a_number_from_its_answer_on(session: HubSession) -> None:
    session.log.append("received", "chat", "BEFORE")
    answer = requests_of(session).answer(Send(""))
    assert answer.next_seq == 2 and session.log[2].kind == "refused"
