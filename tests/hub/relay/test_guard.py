"""What frames from a user's server are to the agent, and what a guard makes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.hub.relay import guard
from mdxdash.hub.relay.guard import GuardedStream, RelayedStream
from mdxdash.hub.relay.hazards import AGENT_BUFFER_BYTES, HAZARDS
from mdxdash.simulator.input_parser import Crash, Issued, Lost, Outcome, Parser, Wedged


@contextmanager
def counted(module: ModuleType, name: str) -> Iterator[list[int]]:
    """How often a function of a module is called."""
    calls, function = [0], getattr(module, name)

    def count(*arguments: object) -> object:
        calls[0] += 1
        return function(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, count)
        yield calls


LONG = "長" * 1000

DANGEROUS: list[tuple[str, bytes, tuple[bytes, ...]]] = [
    ("R101", b"", ()),
    ("R102", b"\n", ()),
    ("R103", b"\nA|1\n", (b"A|1\n",)),
    ("R103", b"SND0002ab\nA\n", (b"SND0002abA\n",)),
    ("R104", b"A|\0\nB\n", (b"B\n",)),
    ("R105", b"A|\xff\nB\n", (b"B\n",)),
    ("R106", f"A|{LONG}\nB\n".encode(), (b"B\n",)),
    ("R107", b"SNDFOO|x\n", (b"__AV_MESSAGE,SNDFOO|x\n",)),
    ("R107", b"SND9999\nA|1\n", (b"__AV_MESSAGE,SND9999\nA|1\n",)),
    ("R108", b"STOP\n", (b"STOP\n\n\n",)),
    ("R113", b"SNDSTRM\rB\n", (b"SNDSTRM\nB\n",)),
    ("R113", b"SNDBRKS\r", (b"SNDBRKS\n",)),
    ("R115", b"SND 3abc\n", (b"__AV_MESSAGE,SND 3abc\n",)),
    ("C203", b"RECOG_MODIFY|GAIN\nB\n", (b"B\n",)),
    ("C203", b"||RECOG_MODIFY|GAIN\nB\n", (b"B\n",)),
    ("C201", b"|BUTTON_ADD|a|b|c|d|message X|ON\nB\n", (b"B\n",)),
    ("C202", b"INFOTEXT_STRING|a|T|1,2,3,4,5,6,7,8,9,10,11|x\nB\n", (b"B\n",)),
    ("W101", b"__AV_MESSAGE,\nB\n", (b"B\n",)),
    ("R109", b"A|" + b"x" * 1200 + b"\n" + b"B\n" * 4000, ()),
]

SMALL = [frame for code, frame, _ in DANGEROUS if code not in ("R106", "R109")]
"""Many of them fit the agent's buffer."""

HARMLESS = [
    b"A|1\n",
    b"A\r\nB\n\n\n",
    "SYNTH_START|0|mei|こんにちは\n".encode(),
    b"__AV_START\n__AV_SETMODEL,0\nSNDSTRM\n",
    b"SNDFILE\r\nSND0004\n\n\0\xffSNDBRKS\n",
    b"STOP\n\n\n",
    b"START\nA\n",
    b"SND1280" + bytes(1280),
]


@pytest.mark.parametrize(("code", "frame"), [row[:2] for row in DANGEROUS])
def test_what_is_dangerous_is_flagged_and_passed_on(code: str, frame: bytes):
    passed = RelayedStream().feed(frame)
    assert passed.frames == (frame,)
    assert passed.warnings[0].startswith(f"{code} {HAZARDS.get(code, '')}")


@pytest.mark.parametrize(("code", "frame", "frames"), DANGEROUS)
def test_a_guard_repairs_it_or_holds_it_back(code: str, frame: bytes, frames: tuple[bytes, ...]):
    passed = GuardedStream().feed(frame)
    assert passed.warnings[0].startswith(f"{code} ")
    assert (
        "repaired" in passed.warnings[0]
        or "held" in passed.warnings[0]
        or "split" in str(passed.warnings)
    )
    if code == "R109":
        assert b"".join(passed.frames) == frame
        assert max(map(len, passed.frames)) <= 1400
    else:
        assert passed.frames == frames


@pytest.mark.parametrize("stream", [RelayedStream, GuardedStream])
@pytest.mark.parametrize("frame", HARMLESS)
def test_what_does_no_harm_is_never_touched(stream: type[RelayedStream], frame: bytes):
    passed = stream().feed(frame)
    assert (passed.frames, passed.warnings) == ((frame,), ())


def test_lines_and_audio_are_warning_apart():
    items = RelayedStream().feed(b"A|1\nSNDFILE\nSND0003\n\n\nB\n").items
    assert [(item.kind, item.data) for item in items] == [
        ("line", b"A|1\n"),
        ("control", b"SNDFILE\n"),
        ("audio", b"SND0003\n\n\n"),
        ("line", b"B\n"),
    ]


@pytest.mark.parametrize("size", [8185, 9999])
@pytest.mark.parametrize("cut", [20, 4000, 8000])
def test_a_block_that_no_agent_bears_is_held_back_whole(size: int, cut: int):
    block = b"SND%d" % size + b"\1" * size
    flagged = RelayedStream()
    assert any("R111" in warning for warning in flagged.feed(block[:cut]).warnings)
    guarded = GuardedStream()
    first, rest = guarded.feed(block[:cut]), guarded.feed(block[cut:] + b"A|1\n")
    assert first.frames == ()
    assert any("R111" in warning and "held back" in warning for warning in first.warnings)
    assert rest.frames == (b"A|1\n",)


WHOLE = [
    b"A|1\n",
    "S|長\n".encode(),
    "長い|あ😀\n".encode(),
    b"START|1\n",
    b"SND0040" + b"\n" * 40,
    b"SNDFILE",
]


@pytest.mark.parametrize("frame", WHOLE)
def test_what_a_server_left_half_said_is_ended_before_the_next_line(frame: bytes):
    for cut in range(1, len(frame)):
        stream, agent = RelayedStream(), Parser()
        stream.feed(frame[:cut])
        assert stream.mid_message
        outcomes = [
            *agent.feed(frame[:cut]),
            *agent.feed(stream.flush()),
            *agent.feed(b"NEXT|1\n"),
        ]
        assert outcomes[-1] == Issued(b"NEXT|1")
        assert not stream.mid_message


def test_a_line_in_two_frames_is_one_line():
    stream = RelayedStream()
    assert stream.feed(b"A|").items == ()
    (item,) = stream.feed(b"1\n").items
    assert item.data == b"A|1\n"


def test_a_guard_gives_the_agent_no_half_lines():
    stream = GuardedStream()
    assert stream.feed(b"A\nB|").frames == (b"A\n",)
    assert stream.feed(b"1\n").frames == (b"B|1\n",)


def test_a_newline_that_ends_a_kept_line_is_no_hazard():
    stream = RelayedStream()
    stream.feed(b"A|1")
    assert stream.feed(b"\n").warnings == ()


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(SMALL)), max_size=20))
def test_all_bytes_are_accounted_for(frames: list[bytes]):
    stream = RelayedStream()
    items = [item for frame in frames for item in stream.feed(frame).items]
    assert b"".join(item.data for item in items) + stream._pending == b"".join(frames)


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([row[1] for row in DANGEROUS]))))
def test_what_passes_a_guard_is_harmless(frames: list[bytes]):
    guarded, agent = GuardedStream(), RelayedStream()
    for frame in frames:
        for safe in guarded.feed(frame).frames:
            assert agent.feed(safe).warnings == ()
    assert agent.flush() == b""


def test_a_frame_fills_the_agent_s_buffer_to_the_last_byte_and_no_further():
    lines = b"A|" + b"x" * 2045 + b"\n"
    fits = (lines * 4)[: AGENT_BUFFER_BYTES - 1] + b"\n"
    assert RelayedStream().feed(fits).warnings == ()
    assert RelayedStream().feed(b"B" + fits[:-2] + b"x\n").warnings == (f"R109 {HAZARDS['R109']}",)


def test_what_the_agent_has_counts_for_its_buffer():
    stream = RelayedStream()
    stream.feed(b"A|")
    frame = b"x\n" + b"B|1\n" * 2047
    assert len(frame) < AGENT_BUFFER_BYTES
    assert stream.feed(frame).warnings == (f"R109 {HAZARDS['R109']}",)


@pytest.mark.parametrize("line", [b"A|" + b"x" * 2047, b"x" * 2047 + b"|1"])
def test_a_type_or_arguments_of_the_agent_s_limit_are_harmless_and_one_byte_more_is_not(
    line: bytes,
):
    assert RelayedStream().feed(line + b"\n").warnings == ()
    assert RelayedStream().feed(line.replace(b"x", b"xx", 1) + b"\n").warnings == (
        f"R106 {HAZARDS['R106']}",
    )


def test_equal_hazards_of_a_frame_are_one_warning():
    assert len(RelayedStream().feed(b"A|\xff\nB|\xff\n").warnings) == 1
    assert len(GuardedStream().feed(b"A|\xff\nB|\xff\n").warnings) == 1


def test_a_warning_says_what_a_guard_did():
    assert GuardedStream().feed(b"STOP\n").warnings == (f"R108 {HAZARDS['R108']} (repaired)",)
    assert GuardedStream().feed(b"A|\xff\n").warnings == (f"R105 {HAZARDS['R105']} (held back)",)
    assert GuardedStream().feed(b"").warnings == (f"R101 {HAZARDS['R101']} (held back)",)
    (warning,) = GuardedStream().feed(b"A|\x01\0\n").warnings
    assert warning.startswith(f"R104 {HAZARDS['R104']} (held back: ")
    (warning,) = RelayedStream().feed(b"RECOG_MODIFY|GAIN\n").warnings
    assert warning.startswith("C203 GAIN without a value")


def test_a_guard_fills_its_frames_to_the_last_byte():
    lines = [b"A|" + b"x" * (size - 3) + b"\n" for size in (700, 700, 1, 1500)]
    lines[2] = b"B\n"
    frames = GuardedStream().feed(b"\n" + b"".join(lines)).frames
    assert frames == (lines[0] + lines[1], lines[2], lines[3])


def test_a_guard_forgets_what_is_too_long_to_ever_be_complete():
    stream = GuardedStream()
    first = stream.feed(b"x" * (AGENT_BUFFER_BYTES + 1))
    assert first.frames == ()
    assert first.warnings == (f"R109 {HAZARDS['R109']} (held back)",)
    assert stream.feed(b"A|1\n").frames == (b"A|1\n",)


def test_a_guard_forgets_what_a_lost_server_left_half_said():
    stream = GuardedStream()
    stream.feed(b"HALF|")
    assert stream.flush() == b""
    assert stream.feed(b"A|1\n").frames == (b"A|1\n",)


def test_a_block_is_one_item_when_it_is_complete():
    stream = RelayedStream()
    assert stream.feed(b"SND0004ab").items == ()
    assert stream.mid_message
    (item,) = stream.feed(b"cd").items
    assert (item.kind, item.data) == ("audio", b"SND0004abcd")
    assert not stream.mid_message


TOKENS = st.sampled_from(
    [
        *(b"A|1\n", b"A", b"|", b"||A|b\n", b"\n", b"\r", b"\r\n", b"\0"),
        *(b"\xff", b"\xe3\x81", "あ".encode(), b"S", b"ST", b"START\n", b"STOP\n\n\n"),
        *(b"SND", b"SND0004", b"SND 3abc", b"SND9999", b"SND-002", b"SNDFOO|x\n"),
        *(b"SNDSTRM", b"SNDFILE", b"SNDBRKS", b"__AV_MESSAGE,SNDFOO|x\n", b"__AV_START\n"),
        *(b"BUTTON_ADD|a|b|c|d|message X|ON\n", b"|BUTTON_ADD|a|b|c|d|message X|ON\n"),
        *(b"x" * 2048, b"x" * 4200, b"y" * 8000, b"\0" * 8),
    ]
)
FRAMES = st.lists(st.lists(TOKENS, max_size=6).map(b"".join), max_size=6)


def harm(outcomes: list[Outcome]) -> list[Outcome]:
    return [each for each in outcomes if isinstance(each, Crash | Wedged | Lost)]


@given(FRAMES)
def test_no_frames_that_pass_a_guard_harm_the_agent_s_parser(frames: list[bytes]) -> None:
    stream, agent = GuardedStream(), Parser()
    for frame in frames:
        sent = [*stream.feed(frame).frames, *stream.finish_line().frames]
        for data in sent:
            assert not harm(agent.feed(data)), data
    assert agent.feed(b"NEXT|1\n")[-1:] == [Issued(b"NEXT|1")]


@given(FRAMES)
def test_frames_that_harm_the_agent_s_parser_are_flagged(frames: list[bytes]) -> None:
    stream, agent = RelayedStream(), Parser()
    flagged = False
    for frame in frames:
        flagged |= bool(stream.feed(frame).warnings)
        if harm(agent.feed(frame)):
            assert flagged, frame
            return


@given(FRAMES)
def test_a_completion_never_harms_the_agent_s_parser(frames: list[bytes]) -> None:
    """Frames without a warning, and then the end of the upstream."""
    stream, agent = RelayedStream(), Parser()
    for frame in frames:
        if stream.feed(frame).warnings:
            return
        agent.feed(frame)
    rest = stream.flush()
    if rest is None:
        assert stream.mid_message
        return
    assert not stream.mid_message
    if rest:
        assert not harm(agent.feed(rest)), rest
    assert agent.feed(b"NEXT|1\n")[-1:] == [Issued(b"NEXT|1")]


@pytest.mark.parametrize("pending", [b"SND9999", b"SND 3", b"A|" + b"x" * 4200, b"A|\0"])
def test_what_no_bytes_can_end_is_left_alone(pending: bytes) -> None:
    stream = RelayedStream()
    stream.feed(pending)
    assert stream.flush() is None
    assert stream.mid_message


@pytest.mark.parametrize("frames", [[b"AY|1", b"BEE|2"], [b"FIRST", b"SECOND\n"]])
def test_a_guard_ends_the_lines_of_a_server_that_forgets_the_newline(frames: list[bytes]) -> None:
    stream, agent = GuardedStream(), Parser()
    warnings: list[str] = []
    outcomes: list[Outcome] = []
    for frame in frames:
        relayed = stream.feed(frame)
        warnings += relayed.warnings
        outcomes += [outcome for data in relayed.frames for outcome in agent.feed(data)]
    outcomes += [outcome for data in stream.finish_line().frames for outcome in agent.feed(data)]
    assert outcomes == [Issued(frame.rstrip(b"\n")) for frame in frames]
    assert warnings[0].startswith("R114 ")


def test_a_line_in_two_frames_is_not_taken_for_two() -> None:
    stream = GuardedStream()
    stream.feed(b"SYNTH_START|0|mei|ab")
    assert stream.feed(b"CD|x\n").frames == (b"SYNTH_START|0|mei|abCD|x\n",)


@pytest.mark.parametrize("stream", [RelayedStream, GuardedStream])
def test_one_byte_frames_are_not_searched_from_the_start(stream: type[RelayedStream]) -> None:
    """Behind a long unfinished line each costs a copy, not a search: counted, not timed."""
    relayed = stream()
    relayed.feed(b"A|")
    with counted(guard, "next_item") as calls:
        for _ in range(5000):
            relayed.feed(b"x")
    assert calls[0] == 0
