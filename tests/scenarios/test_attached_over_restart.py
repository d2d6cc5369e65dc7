"""A dashboard that stays attached while another process takes the hub over."""

import asyncio
import sys
from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.protocol import PROTOCOL, Attach, Restart, StopHub, Welcome
from mdxdash.wire.message import parse_message
from tests.support.counting_agent import counting_agent
from tests.support.faces import runtime_folder
from tests.support.programs import running, url_of
from tests.support.waiting import GUARD, logged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")

LOOK = Attach(PROTOCOL, "attach", events=False)
COMMAND = (sys.executable, "-m", "mdxdash")


async def test_it_sees_every_event_once_and_sends_through_the_new_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    recording = str(tmp_path / "session.jsonl")
    with runtime_folder(monkeypatch), running("serve", "--port", "0", "--record", recording) as hub:
        url = url_of(hub)
        opener = control_opener("main")
        first = await ask_welcome(opener, LOOK)
        async with counting_agent(url) as agent, Attachment(opener, first, EventLog()) as here:
            await logged(here.log, lambda event: event.type == "COUNT")
            here.link.ask(lambda id_: Restart(COMMAND, id_))
            async with asyncio.timeout(GUARD):
                while here.hub.welcome.pid in (first.pid, 0) or not here.hub.connected:
                    await asyncio.sleep(0.01)
            second: Welcome = here.hub.welcome
            assert not here.other_session
            assert here.hub.send(parse_message("HELLO|again")).agents == ("chat",)
            await agent.until(1)
            await agent.fall_quiet()
            await logged(here.log, lambda event: event.args == str(agent.sent - 1))
            assert second.pid != first.pid
            assert [event.seq for event in here.log] == list(range(1, here.log.next_seq))
            counted = [int(event.args) for event in here.log if event.type == "COUNT"]
            assert counted == list(range(agent.sent))
            assert not agent.lost
            assert not here.take_news()
            await here.link.ask(lambda id_: StopHub(True, id_))
            async with asyncio.timeout(GUARD):
                while here.link.attached:
                    await asyncio.sleep(0.01)
