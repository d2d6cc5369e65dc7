"""What is recorded and counted of one agent, without a connection."""

import time

import msgspec
import pytest

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.log import EventLog
from mdxdash.hub.relay.frame_rate import FRAMES_A_SECOND
from mdxdash.hub.relay.guard import RelayedStream
from mdxdash.hub.traffic.agent_events import AgentEvents
from mdxdash.hub.traffic.send_queue import Outgoing
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.decoding import Line, LineDecoder
from mdxdash.wire.message import Message, parse_message

SECRET = "0123456789abcdef"
LOG_LINE = "[2026/11/22 19:53:48.194] [9324096] Remote: {}: A|1"


def lines(text: str) -> list[Line]:
    return LineDecoder().feed(text.encode())


class Recorder:
    """The events of an agent `chat`, with the log that they are in."""

    def __init__(self, **settings: object) -> None:
        self.log = EventLog()
        self.known = AnnouncedState()
        self.events = AgentEvents("chat", self.log, HubSettings(**settings), self.known)  # type: ignore[arg-type]

    def receive(self, text: str, now: float = 100.0) -> None:
        for line in lines(text):
            self.events.record_received(line, now)

    def relay(self, frame: bytes) -> None:
        self.events.record_relayed(RelayedStream().feed(frame))

    @property
    def last(self):
        return self.log[self.log.next_seq - 1]


@pytest.fixture
def chat() -> Recorder:
    return Recorder()


def test_a_received_line_is_an_event(chat: Recorder):
    chat.receive("A|1|2\n", now=123.0)
    event = chat.last
    assert (event.kind, event.agent, event.type, event.args) == ("received", "chat", "A", "1|2")
    assert (event.time, event.size, event.cut, event.via) == (123.0, 6, False, "")
    assert (event.echo, event.round_trip) == (None, None)
    assert chat.events.counts.received == 1


def test_what_it_announces_is_known(chat: Recorder):
    chat.receive("MODEL_EVENT_ADD|mei\n")
    assert chat.known.names("model") == ("mei",)


def test_a_line_behind_a_relay_says_so(chat: Recorder):
    chat.events.via = "server"
    chat.receive("A|1\n" + LOG_LINE.format("Sent") + "\n\n")
    assert [event.via for event in chat.log] == ["server", "server"]


def test_the_secret_is_in_no_event():
    chat = Recorder(secret=SECRET)
    chat.receive(f"A|/chat/{SECRET}\n")
    chat.relay(f"B|/chat/{SECRET}\n".encode())
    assert len(chat.log) == 2
    assert SECRET not in str(list(chat.log))


def test_a_log_line_is_taken_apart(chat: Recorder):
    chat.receive(LOG_LINE.format("Captured") + "\n\n", now=123.0)
    event = chat.last
    assert (event.kind, event.type, event.args, event.text) == ("log", "A", "1", "A|1")
    assert (event.module, event.level) == ("Remote", "Captured")
    assert (event.agent_time, event.ticks) == ("2026/11/22 19:53:48.194", 9324096)
    assert event.time == 123.0
    assert event.size > len("A|1")


def test_a_line_that_only_begins_like_a_log_line_is_a_message(chat: Recorder):
    chat.receive("[A]|1\n")
    assert (chat.last.kind, chat.last.type) == ("received", "[A]")


def test_only_a_log_line_of_what_was_sent_announces_and_acknowledges(chat: Recorder):
    chat.events.record_sent([Outgoing.of(Message("A", "1"))])
    chat.receive(LOG_LINE.format("Captured") + "\n\n")
    assert chat.last.echo is None
    chat.receive(LOG_LINE.format("Sent") + "\n\n")
    assert chat.last.echo == 1
    assert chat.log[1].round_trip == chat.last.round_trip is not None
    chat.receive(LOG_LINE.format("Sent").replace("A|1", "MODEL_EVENT_ADD|mei") + "\n\n")
    assert chat.known.names("model") == ("mei",)


def test_a_sent_frame_is_counted_once_and_its_lines_are_events(chat: Recorder):
    first, second = Outgoing.of(Message("A", "1"), "macro"), Outgoing.of(Message("BC"))
    chat.events.record_sent([first, second])
    counts = chat.events.counts
    assert (counts.sent, counts.frames_out, counts.bytes_out) == (2, 1, 7)
    assert [(e.kind, e.type, e.args, e.size, e.by, e.via) for e in chat.log] == [
        ("sent", "A", "1", 4, "macro", ""),
        ("sent", "BC", "", 3, "", ""),
    ]


def test_an_echo_acknowledges_and_is_counted(chat: Recorder):
    chat.events.record_sent([Outgoing.of(Message("A", "1"))])
    chat.receive("A|1\n")
    counts = chat.events.counts
    assert chat.last.echo == 1
    assert list(counts.round_trips) == [chat.last.round_trip] == [chat.log[1].round_trip]
    assert (counts.sent, counts.received, counts.lost) == (1, 1, 0)


def test_an_echo_tells_who_sent_the_message(chat: Recorder):
    chat.events.record_sent([Outgoing.of(Message("A"), "attach-2"), Outgoing.of(Message("B"))])
    for line in ("B\n", LOG_LINE.format("Sent").replace("A|1", "A") + "\n\n", "A\n"):
        chat.receive(line)
    assert [(event.echo, event.by) for event in chat.log][2:] == [
        (2, ""),
        (1, "attach-2"),
        (None, ""),
    ]


def test_what_gets_no_echo_is_lost_and_counted(chat: Recorder):
    chat.events.record_sent([Outgoing.of(Message(name)) for name in ("A", "B", "__AV_START")])
    chat.receive("A\n")
    chat.events.expire(float("inf"))
    assert [event.lost for event in chat.log] == [False, True, False, False]
    assert chat.events.counts.lost == 1


def test_audio_blocks_that_follow_each_other_are_one_event(chat: Recorder):
    for _ in range(100):
        chat.relay(b"SND0960" + b"\0" * 960)
    assert list(chat.log) == []
    chat.relay(b"A\n")
    audio, line, *_ = chat.log
    assert audio.text.startswith("100 blocks of audio, 96,000 bytes: 3.0 s of sound in 0.")
    assert (audio.kind, audio.size, audio.via) == ("sent", 96_700, "server")
    assert line.type == "A"
    assert chat.events.counts.frames_out == 101


def test_audio_is_recorded_when_it_ends_without_a_line_behind_it(chat: Recorder):
    chat.relay(b"SND0004abcd")
    chat.events.expire(time.monotonic())
    assert list(chat.log) == []
    chat.events.expire(float("inf"))
    assert [event.text for event in chat.log] == ["4 bytes of audio"]
    chat.events.expire(float("inf"))
    assert len(chat.log) == 1


def test_audio_comes_before_what_followed_it(chat: Recorder):
    chat.relay(b"SND0004abcd")
    chat.events.record_sent([Outgoing.of(Message("B"))])
    chat.relay(b"SND0004abcd")
    chat.events.log_upstream("disconnected", "gone")
    assert [event.type or event.text for event in chat.log] == [
        "4 bytes of audio",
        "B",
        "4 bytes of audio",
        "gone",
    ]


def test_frames_that_come_are_counted(chat: Recorder):
    chat.events.count_frames(1, 5)
    chat.events.count_frames(1, 7)
    counts = chat.events.counts
    assert (counts.frames_in, counts.bytes_in) == (2, 12)


def test_a_relayed_frame_is_recorded_line_by_line(chat: Recorder):
    chat.relay(b"A|1\nSNDSTRM\nSND0004abcdB\n")
    assert [(e.kind, e.type, e.args, e.text, e.size, e.via) for e in chat.log] == [
        ("sent", "A", "1", "", 4, "server"),
        ("sent", "SNDSTRM", "", "", 8, "server"),
        ("sent", "", "", "4 bytes of audio", 11, "server"),
        ("sent", "B", "", "", 2, "server"),
    ]
    counts = chat.events.counts
    assert (counts.sent, counts.frames_out, counts.bytes_out) == (3, 1, 25)
    chat.receive("A|1\n")
    assert chat.last.echo == 1


def test_the_hazards_of_a_relayed_frame_are_faults(chat: Recorder):
    chat.relay(b"STOP\n")
    fault = chat.last
    assert (fault.kind, fault.agent, fault.via) == ("fault", "chat", "server")
    assert fault.text.startswith("server → agent: R108 ")


def test_too_many_relayed_frames_are_one_fault(chat: Recorder):
    for _ in range(FRAMES_A_SECOND + 10):
        chat.relay(b"A\n")
    faults = [event for event in chat.log if event.kind == "fault"]
    assert [fault.text[:21] for fault in faults] == ["server → agent: R112 "]


def test_equal_types_are_one_object(chat: Recorder):
    chat.receive("RECOG_EVENT_STOP|a\nRECOG_EVENT_STOP|b\n")
    assert chat.log[1].type is chat.log[2].type


def test_garbage_types_are_not_kept_for_ever(chat: Recorder):
    for number in range(5000):
        chat.receive(f"GARBAGE_{number}\n")
    assert len(chat.events._types) == 4096
    assert chat.last.type == "GARBAGE_4999"


def test_connections_and_refused_lines_are_events(chat: Recorder):
    chat.events.log_connection("connected", "here")
    chat.events.log_upstream("disconnected", "away")
    chat.events.record_refused(parse_message("A|1"), "too late")
    assert [(e.kind, e.agent, e.type, e.args, e.text, e.via) for e in chat.log] == [
        ("connected", "chat", "", "", "here", ""),
        ("disconnected", "chat", "", "", "away", "server"),
        ("refused", "chat", "A", "1", "too late", ""),
    ]


@pytest.mark.parametrize("secret", [None, "s3cret"])
@pytest.mark.parametrize("awaited", [False, True])
def test_lines_of_one_read_are_recorded_as_they_are_one_by_one(
    awaited: bool, secret: str | None
) -> None:
    texts = ["MODEL_EVENT_ADD|0", "A|b|c", "A|s3cret", "B", "A|b|c"]
    together, alone = (Recorder(secret=secret) for _ in range(2))
    for each in (together, alone):
        if awaited:
            each.events.record_sent([Outgoing.of(Message("A", "b|c"))])
    frames = [f"{text}\n".encode() for text in texts]
    together.events.record_together(texts, frames, 100.0)
    for text in texts:
        alone.receive(text + "\n")
    without = {"time": 0.0, "round_trip": None}
    assert [msgspec.structs.replace(event, **without) for event in together.log] == [
        msgspec.structs.replace(event, **without) for event in alone.log
    ]
    assert together.log.counts == alone.log.counts
    assert together.events.counts.received == len(texts)
    assert together.known.names("model") == alone.known.names("model") == ("0",)
