"""What frames from a user's server are to the agent, and what a guard makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.hub.relay.guard import HAZARDS, GuardedStream, RelayedStream
from mdxdash.simulator.parser import Issued, Parser

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
    ("C203", b"RECOG_MODIFY|GAIN\nB\n", (b"B\n",)),
    ("C202", b"INFOTEXT_STRING|a|T|1,2,3,4,5,6,7,8,9,10,11|x\nB\n", (b"B\n",)),
    ("W101", b"__AV_MESSAGE,\nB\n", (b"B\n",)),
    ("R109", b"A|" + b"x" * 1200 + b"\n" + b"B\n" * 4000, ()),
]

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


def test_lines_and_audio_are_told_apart():
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
    assert any("R111" in told for told in flagged.feed(block[:cut]).warnings)
    guarded = GuardedStream()
    first, rest = guarded.feed(block[:cut]), guarded.feed(block[cut:] + b"A|1\n")
    assert first.frames == ()
    assert any("R111" in told and "held back" in told for told in first.warnings)
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


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([row[1] for row in DANGEROUS]))))
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
