"""Whatever goes wrong with the new process, the hub stays as it was, and says why."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.hub.adoption import CannotHandOver
from mdxdash.remote.handover import giving
from mdxdash.remote.handover.giving import hand_over
from mdxdash.remote.hub_session import HubSession
from tests.support.counting_agent import recorded_events
from tests.support.faces import runtime_folder, session_in
from tests.support.hub_clients import raw_agent
from tests.support.waiting import logged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")

BEGINNING = """
import socket, sys, time
from mdxdash.remote.handover.messages import *
channel = Channel(socket.socket(fileno=int(sys.argv[-1])))
begin = channel.receive(60)
"""
UP_TO_REST = (
    BEGINNING
    + """
channel.send(Ready("1.0"))
while not isinstance(rest := channel.receive(60), Rest):
    pass
sockets = channel.receive_sockets(rest.sockets)
"""
)


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with runtime_folder(monkeypatch) as folder:
        yield folder


async def refusal(session: HubSession, program: str) -> str:
    """Why a program does not get the hub."""
    with pytest.raises(CannotHandOver) as caught:
        await hand_over(session, (sys.executable, "-c", program))
    return str(caught.value)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise SystemExit('no module named mdxdash')", "no module named mdxdash"),
        ("import time; time.sleep(60)", "did not answer in time"),
        (BEGINNING, "the other process has ended"),
        (BEGINNING + "channel.send(Refused('version 2 only'))", "version 2 only"),
        (BEGINNING + "channel.send(Going())", "the new process says Going"),
        (UP_TO_REST, "the other process has ended"),
        (UP_TO_REST + "channel.send(Refused('the port'))", "the port"),
        (UP_TO_REST + "time.sleep(60)", "did not answer in time"),
        (UP_TO_REST + "channel.send(Taken())", "the other process has ended"),
        (UP_TO_REST + "channel.send(Taken()); channel.receive(60)", "the other process has ended"),
    ],
    ids=[
        "broken",
        "hangs",
        "ends at once",
        "another version",
        "nonsense",
        "ends with the sockets",
        "cannot serve",
        "hangs with the sockets",
        "ends before it goes",
        "ends when it is to go",
    ],
)
async def test_the_hub_stays_as_it_was(
    tmp_path: Path, program: str, reason: str, monkeypatch: pytest.MonkeyPatch
):
    if "sleep" in program:
        within = "TAKEN_WITHIN" if "receive_sockets" in program else "READY_WITHIN"
        monkeypatch.setattr(giving, within, 0.5)
    session = session_in(tmp_path)
    async with session, raw_agent(session.hub) as agent:
        assert reason in await refusal(session, program)
        await agent.send("AFTER\n")
        await logged(session.log, lambda event: event.type == "AFTER")
        assert session.hub.connected
    assert [e["type"] for e in recorded_events(tmp_path / "session.jsonl") if "type" in e] == [
        "AFTER"
    ]


async def test_a_program_that_is_not_there_is_named(tmp_path: Path):
    async with session_in(tmp_path) as session:
        with pytest.raises(CannotHandOver, match="/no/such/program: No such file"):
            await hand_over(session, ("/no/such/program",))


async def test_all_that_can_be_known_before_is_given_over_while_the_hub_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    session = session_in(tmp_path)
    program = (
        BEGINNING
        + """
channel.send(Ready("1.0"))
first, rest = channel.receive(60), None
while not isinstance(rest, Rest):
    rest = channel.receive(60)
channel.send(Refused(f"{begin.first_seq} {first.events[0].seq} {len(first.events)} "
    f"{rest.events[-1].seq} {rest.counts['A']} {rest.marked} {rest.unseen}"))
"""
    )
    async with session:
        for _ in range(10_000):
            session.log.append("received", "chat", "A")
        session.log.toggle_mark(7)
        for seq in (10_001, 10_002):
            session.log.append("fault", text=f"{seq}")
        session.alerts.see(10_001)
        assert await refusal(session, program) == "1 1 2048 10002 10000 (7,) (10002,)"
