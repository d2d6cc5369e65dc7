"""What is known of an agent whose hub is gone without a word: what the recording tells."""

import socket
import sys
import time
from pathlib import Path

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.traffic.counts import Counts
from mdxdash.recordings.journal import Journal
from mdxdash.remote.handover import recovery

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no sockets to give away")


def known(*events: Event) -> tuple[tuple[str, ...], Counts, list[str]]:
    """The motions, the counts, and the types of the commands whose echo may still come."""
    log = EventLog()
    log.extend([msgspec.structs.replace(each, seq=seq) for seq, each in enumerate(events, 1)])
    announced, counts, echoes = recovery._from_events("chat", log)
    return announced.names("motion", "0"), counts, [log[each.seq].type for each in echoes]


def event(kind: str, type_: str = "", args: str = "", **fields: object) -> Event:
    at = fields.pop("time", time.time())
    return Event(1, at, kind, "chat", type_, args, **fields)  # type: ignore[arg-type]


def test_lines_are_counted_and_what_mdxdash_notes_is_not():
    _, counts, _ = known(
        event("received", "A", size=3),
        event("log", "B", level="Sent", size=50),
        event("sent", "C", size=4),
        event("sent", "D", size=4, lost=True),
        event("sent", text="model 0 speaks: hello", args="0|1", level="start", by="speech"),
        event("sent", text="macro Greet begins", args="Greet|1", level="start", by="macro"),
        event("log", text="Traceback", module="program x", level="stderr", by="program"),
        event("log", "ASR", level="start", by="remdis"),
    )
    assert (counts.received, counts.frames_in, counts.bytes_in) == (2, 2, 53)
    assert (counts.sent, counts.frames_out, counts.bytes_out) == (2, 2, 8)
    assert counts.lost == 1


def test_sound_of_the_upstream_is_bytes_and_no_line():
    _, counts, _ = known(event("sent", text="audio: 3 blocks, 0.1 s", size=999, via="server"))
    assert (counts.sent, counts.bytes_out) == (0, 999)


def test_what_was_sent_is_anticipated_as_the_hub_did_it():
    motions, _, _ = known(event("sent", "MOTION_ADD", "0|wave|wave.vmd"))
    assert motions == ("wave",)


def test_another_connection_begins_with_nothing():
    motions, counts, _ = known(
        event("received", "MOTION_EVENT_ADD", "0|wave"), event("connected", text="127.0.0.1 /chat")
    )
    assert (motions, counts.received) == ((), 1)


def test_echoes_are_expected_of_lines_sent_lately_that_have_none():
    _, counts, waiting = known(
        event("sent", "OLD", time=time.time() - 60),
        event("sent", "LOST", lost=True),
        event("sent", "BACK", round_trip=0.1),
        event("received", "BACK", echo=3, round_trip=0.1),
        event("sent", "NEW"),
        event("sent", text="macro Greet begins", args="Greet|1", level="start", by="macro"),
    )
    assert waiting == ["NEW"]
    assert list(counts.round_trips) == [0.1]


def test_a_recording_gives_its_events_and_marks(tmp_path: Path):
    path = tmp_path / "one.jsonl"
    written = EventLog()
    with Journal(path, written):
        sent = written.append("sent", "chat", "A")
        written.append("received", "chat", "A", echo=sent.seq, round_trip=0.1)
        written.toggle_mark(2)
    found = recovery._recording(str(path))
    assert found is not None
    log = EventLog()
    recovery._restore_log(log, found)
    assert [each.type for each in log] == ["A", "A"]
    assert (log[1].round_trip, log.marked) == (0.1, {2})


def test_a_recording_that_is_gone_gives_nothing(tmp_path: Path):
    assert recovery._recording(str(tmp_path / "none.jsonl")) is None
    assert recovery._recording("") is None


def test_a_keeper_that_has_nothing_to_give_is_an_error():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"?")
        with pytest.raises(ValueError, match="nothing to give"):
            recovery.KeptHub(ours)


def test_agents_that_the_recording_has_as_connected_are_found():
    log = EventLog()
    log.append("connected", "chat")
    log.append("connected", "gone")
    log.append("connected", "back", via="server")
    log.append("connected", text="tap from 127.0.0.1:1", by="tap")
    log.append("disconnected", "gone")
    assert recovery._connected(log) == {"chat"}
