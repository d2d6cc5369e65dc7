"""A recording in the place of a hub."""

import asyncio
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.recorded import RecordedHub
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.opening import open_recording
from mdxdash.wire.message import Message
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD


async def read(path: Path, log: EventLog | None = None) -> RecordedHub:
    """A hub that has read a file."""
    async with asyncio.timeout(GUARD), RecordedHub(open_recording(path), log or EventLog()) as hub:
        while hub.reading == "reading":
            await asyncio.sleep(0.001)
    return hub


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A recording with two agents, an acknowledged and a lost command, and a mark."""
    path = tmp_path / "one.jsonl"
    log = EventLog()
    with Journal(path, log):
        events = (
            Event(1, 100.0, "connected", "chat"),
            Event(2, 101.0, "sent", "chat", "A"),
            Event(3, 101.5, "received", "chat", "A", echo=2, round_trip=0.5),
            Event(4, 102.0, "sent", "chat", "B"),
            Event(5, 110.0, "received", "chat-1", "C"),
            Event(6, 111.0, "disconnected", "chat"),
        )
        log.extend(events)
        log.toggle_mark(5)
        log.toggle_mark(2)
        log.toggle_mark(2)
    return path


async def test_its_events_are_in_the_log_with_round_trips_and_losses(recorded: Path):
    hub = await read(recorded)
    assert (hub.reading, hub.progress) == ("complete", 1.0)
    assert len(hub.log) == 6
    assert hub.log[2].round_trip == 0.5
    assert hub.log[4].lost


async def test_its_marks_are_taken_over(recorded: Path):
    assert (await read(recorded)).log.marked == {5}


async def test_its_agents_stand_there_as_they_were(recorded: Path):
    hub = await read(recorded)
    chat, other = hub.agents
    counts = chat.counts
    assert (chat.name, counts.received, counts.sent, counts.lost) == ("chat", 1, 2, 1)
    assert (chat.connected_at, chat.gone_at, counts.last_round_trip) == (100.0, 111.0, 0.5)
    assert (other.name, other.counts.received, other.gone_at) == ("chat-1", 1, None)
    assert not hub.connected


async def test_now_is_its_last_event(recorded: Path):
    assert (await read(recorded)).now() == 111.0


async def test_nothing_can_be_sent(recorded: Path):
    delivery = (await read(recorded)).send(Message("A"))
    assert not delivery.agents
    assert "this is a recording" in delivery.refused[0]


@pytest.mark.parametrize(("name", "count"), [("messages.jsonl", 277), ("alllog.jsonl", 555)])
async def test_frames_of_the_real_agent_are_read(name: str, count: int):
    assert len((await read(RECORDINGS / name)).log) == count


async def test_reading_stops_at_once_and_what_was_read_stays(tmp_path: Path):
    path = tmp_path / "long.txt"
    path.write_text("MESSAGE|0123456789\n" * 200_000, encoding="utf-8")
    async with asyncio.timeout(GUARD), RecordedHub(open_recording(path), EventLog()) as hub:
        while not len(hub.log):
            await asyncio.sleep(0)
        hub.stop()
        count = len(hub.log)
    assert hub.reading == "stopped"
    assert len(hub.log) == count
    assert 0 < hub.progress < 1


async def test_a_file_that_vanished_is_told(recorded: Path):
    recording = open_recording(recorded)
    recorded.unlink()
    async with asyncio.timeout(GUARD), RecordedHub(recording, EventLog()) as hub:
        while hub.reading == "reading":
            await asyncio.sleep(0.001)
    assert hub.reading == "failed"
    assert "No such file" in hub.problem


async def test_a_followed_file_goes_on_until_it_is_left(tmp_path: Path):
    path = tmp_path / "agent.txt"
    path.write_text("A|1\n", encoding="utf-8")
    recording = open_recording(path, follow=True)
    async with asyncio.timeout(GUARD), RecordedHub(recording, EventLog()) as hub:
        while hub.reading == "reading":
            await asyncio.sleep(0.001)
        assert (hub.reading, len(hub.log)) == ("following", 1)
        with path.open("a", encoding="utf-8") as file:
            file.write("B|2\nC|3\n")
        while len(hub.log) < 3:
            await asyncio.sleep(0.001)
        assert hub.log[3].type == "C"
    assert hub.reading == "stopped"


async def test_a_followed_file_that_is_removed_ends_with_the_reason(tmp_path: Path):
    path = tmp_path / "agent.txt"
    path.write_text("A|1\n", encoding="utf-8")
    recording = open_recording(path, follow=True)
    async with asyncio.timeout(GUARD), RecordedHub(recording, EventLog()) as hub:
        while hub.reading == "reading":
            await asyncio.sleep(0.001)
        path.unlink()
        while hub.reading == "following":
            await asyncio.sleep(0.001)
    assert hub.problem == f"{path}: the file was removed"
    assert len(hub.log) == 1


async def test_notes_and_lines_of_programs_are_not_counted_as_traffic(tmp_path: Path):
    path = tmp_path / "notes.jsonl"
    log = EventLog()
    with Journal(path, log):
        log.append("sent", "chat", args="0|1", text="model 0 speaks: a", level="start", by="speech")
        log.append(
            "log", "chat", text="Traceback", module="program x", level="stderr", by="program"
        )
        log.append("received", "chat", "A")
    [agent] = (await read(path)).agents
    assert (agent.counts.received, agent.counts.sent) == (1, 0)


async def test_agents_were_seen_last_at_their_last_message_of_many(tmp_path: Path):
    path = tmp_path / "long.jsonl"
    log = EventLog()
    with Journal(path, log):
        log.extend(
            [
                Event(seq, float(seq), "received", "chat" if seq % 100 else "other", "A", "x" * 80)
                for seq in range(1, 30_001)
            ]
        )
    chat, other = (await read(path)).agents
    assert (chat.name, chat.connected_at, chat.last_seen_at) == ("chat", 1.0, 29_999.0)
    assert (other.name, other.connected_at, other.last_seen_at) == ("other", 100.0, 30_000.0)
