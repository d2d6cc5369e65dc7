"""The agent's side of a recording: the frames that it sent."""

import msgspec

from mdxdash.events.event import Event
from mdxdash.recordings.agent_frames import agent_frames
from mdxdash.recordings.opening import open_recording
from tests.support.recorded import RECORDINGS


def received(time: float, args: str = "", **fields: object) -> Event:
    event = Event(1, time, "received", "chat", "A", args)
    return msgspec.structs.replace(event, **fields)


def test_times_count_from_the_connection() -> None:
    events = [Event(1, 1e9, "connected", "chat"), received(1e9 + 2), received(1e9 + 3.5, "b|")]
    assert list(agent_frames([events])) == [(2.0, b"A\n"), (3.5, b"A|b|\n")]


def test_echoes_and_what_was_sent_are_left_out() -> None:
    events = [received(1e9), received(1e9, echo=7), Event(1, 1e9, "sent", "chat", "TEST")]
    assert list(agent_frames([events])) == [(0.0, b"A\n")]


def test_the_lines_of_a_users_program_are_not_the_agents() -> None:
    events = [received(1e9), received(1e9, kind="log", level="stderr", by="program")]
    assert len(list(agent_frames([events]))) == 1


def test_only_the_first_agent_is_played() -> None:
    events = [received(1e9), received(1e9 + 1, agent="chat#2"), received(1e9 + 2)]
    assert [at for at, _ in agent_frames([events])] == [0.0, 2.0]


def test_a_clock_that_was_set_back_stood_still() -> None:
    events = [received(1e9), received(1e9 + 5), received(1e9 + 1), received(1e9 + 6)]
    assert [at for at, _ in agent_frames([events])] == [0.0, 5.0, 5.0, 6.0]


def test_a_line_that_is_no_utf8_is_sent_as_it_came() -> None:
    line = received(1e9, "x\ufffd", undecoded="41 7c 78 ff")
    log = received(1e9, kind="log", undecoded="5b ff")
    assert [frame for _, frame in agent_frames([[line, log]])] == [b"A|x\xff\n", b"[\xff\n\n"]


def test_a_cut_line_is_a_full_frame_without_its_end() -> None:
    [(_, frame)] = agent_frames([[received(1e9, "x" * 2045, cut=True, size=2047)]])
    assert frame == b"A|" + b"x" * 2045


def test_frames_come_back_as_the_real_agent_sent_them() -> None:
    for name in ("messages.jsonl", "alllog.jsonl"):
        path = RECORDINGS / name
        lines = path.read_bytes().splitlines()
        texts = [msgspec.json.decode(line)["text"].rstrip("\n") for line in lines]
        frames = agent_frames(open_recording(path).read_chunks())
        assert [frame.decode().rstrip("\n") for _, frame in frames] == texts


def test_a_cut_line_that_does_not_fill_its_frame_keeps_its_end() -> None:
    [(_, frame)] = agent_frames([[received(1e9, "x", cut=True, size=4)]])
    assert frame == b"A|x\n"
    [(_, frame)] = agent_frames([[received(1e9, "x" * 2050, size=2060)]])
    assert frame == b"A|" + b"x" * 2050 + b"\n"
