"""The agent's parser, row by row as PROTOCOL's table tells it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mdxdash.simulator.input_parser import (
    ABORT_LENGTH,
    BUFFER_SIZE,
    MESSAGE_LIMIT,
    Audio,
    AudioControl,
    Crash,
    Dropped,
    Handled,
    Issued,
    Lost,
    Outcome,
    Parser,
    Waiting,
    Wedged,
    leading_number,
)

FULL = BUFFER_SIZE - 1


def sign(outcome: Outcome) -> str:
    """An outcome in one word, as the table below writes it."""
    match outcome:
        case Issued(line):
            return line.decode("latin-1")
        case Audio(payload):
            return f"({len(payload)} bytes of audio)"
        case AudioControl(name):
            return f"({name})"
        case Handled(line):
            return f"(avatar: {line.decode()})"
        case _:
            return type(outcome).__name__.upper()


def run(*frames: bytes) -> list[str]:
    parser = Parser()
    return [sign(outcome) for frame in frames for outcome in parser.feed(frame)]


ROWS = {
    "a line": ([b"A|1\n"], ["A|1"]),
    "several lines in a frame": ([b"A|1\nB\n"], ["A|1", "B"]),
    "an empty line": ([b"\n"], ["CRASH"]),
    "an empty line in a frame of its own, after another": ([b"A\n", b"\n"], ["A", "CRASH"]),
    "newlines after a line in the same frame": ([b"A\n\n\nB\n"], ["A", "B"]),
    "a frame that begins with a newline and goes on": (
        [b"\nA\n", b"B\n"],
        ["WEDGED", "WEDGED"],
    ),
    "a line without its newline": ([b"A|1", b"2\n"], ["WAITING", "A|12"]),
    "START": ([b"START\n"], ["WAITING"]),
    "STOP": ([b"STOP\n"], ["WAITING"]),
    "START, then more": ([b"START\n", b"A\n"], ["WAITING", "START", "A"]),
    "START, padded to 7 bytes": ([b"START\n\n"], ["START"]),
    "STOP, padded to 7 bytes": ([b"STOP\n\n\n"], ["STOP"]),
    "an S line of 7 bytes": ([b"STAGE1\n"], ["STAGE1"]),
    "SND with letters": ([b"SNDFOO|x\n"], ["(0 bytes of audio)", "x"]),
    "SND escaped": ([b"__AV_MESSAGE,SNDFOO|x\n"], ["SNDFOO|x"]),
    "SND with a number swallows lines": (
        [b"SND0006A|1\nB\nC\n"],
        ["(6 bytes of audio)", "C"],
    ),
    "a block that never ends": (
        [b"SND9999" + bytes(4000), bytes(4000), bytes(1000)],
        ["WAITING", "WAITING", "LOST"],
    ),
    "a line that never ends": (
        [b"A" * 4000, b"A" * 4000, b"A" * 1000],
        ["WAITING", "WAITING", "LOST"],
    ),
    "a frame that fills the buffer": ([b"A\n" + b"B" * (FULL - 2)], ["A", "WAITING"]),
    "a frame over the buffer": ([b"A\n" + b"B" * (FULL - 1)], ["LOST"]),
    "a frame over what the buffer has left": ([b"A|", b"B" * (FULL - 1)], ["WAITING", "LOST"]),
    "a NUL": ([b"A|\0\n", b"B\n"], ["WEDGED", "WEDGED"]),
    "a NUL after a line": ([b"A\nB\0\n"], ["A", "WEDGED"]),
    "a byte that is not UTF-8": ([b"A|\xff\n", b"B\n"], ["WEDGED", "WEDGED"]),
    "a character cut before the newline": (
        ["A|日".encode()[:-1] + b"\n", b"B\n"],
        ["WAITING", "A|\xe6\x97\nB"],
    ),
    "an empty frame": ([b""], ["LOST"]),
    "leading bars": ([b"|A|b\n"], ["A|b"]),
    "nothing but bars": ([b"|||\n"], ["DROPPED"]),
    "a bar without arguments": ([b"A|\n"], ["A"]),
    "a bar at the end": ([b"A|b|\n"], ["A|b|"]),
    "empty arguments": ([b"A||b\n"], ["A||b"]),
    "CR LF": ([b"A|1\r\nB\r\n"], ["A|1", "B"]),
    "CR LF over two frames": ([b"A|1\r", b"\nB\n"], ["A|1", "WEDGED"]),
    "spaces, tabs, quotes": ([b'A| "b"\t \n'], ['A| "b"\t ']),
    "an unknown __AV line": ([b"__AVX,1\n"], ["DROPPED"]),
    "a known __AV line": ([b"__AV_SETMODEL,0\n"], ["(avatar: __AV_SETMODEL,0)"]),
    "a fragmented message": ([b"A|", b"1\n", b""], ["WAITING", "A|1", "LOST"]),
    "BUTTON_ADD with a comma": (
        [b"BUTTON_ADD|b|1|1,1|x.png|message,X|OFF\n"],
        ["BUTTON_ADD|b|1|1,1|x.png|message,X|OFF"],
    ),
    "BUTTON_ADD with a space for the comma": (
        [b"BUTTON_ADD|b|1|1,1|x.png|message X|OFF\n"],
        ["BUTTON_ADD|b|1|1,1|x.png|message X|OFF", "CRASH"],
    ),
    "a close frame's payload": ([b"\x03\xe8", b"FIRST|1\n"], ["WAITING", "\x03\xe8FIRST|1"]),
    "a close frame's payload swallows a newline": (
        [b"\x03\xe8", b"A\n", b"B\n"],
        ["WAITING", "WAITING", "\x03\xe8A\nB"],
    ),
    "speech": (
        [b"__AV_START\n", b"SNDFILE\n", b"SND0004\n\n\n\n", b"SND0002ab", b"SNDBRKS\n"],
        [
            "(avatar: __AV_START)",
            "(SNDFILE)",
            "(4 bytes of audio)",
            "(2 bytes of audio)",
            "(SNDBRKS)",
        ],
    ),
    "a stream of speech, CR LF": ([b"SNDSTRM\r\nA\n"], ["(SNDSTRM)", "A"]),
    "a newline right after a block": ([b"SND0002ab\n"], ["(2 bytes of audio)", "CRASH"]),
    "a block in two frames": ([b"SND0004ab", b"cdA\n"], ["WAITING", "(4 bytes of audio)", "A"]),
    "a block of less than nothing": ([b"SND-100A\n"], ["CRASH"]),
}


@pytest.mark.parametrize(("frames", "outcomes"), ROWS.values(), ids=ROWS.keys())
def test_row(frames: list[bytes], outcomes: list[str]) -> None:
    assert run(*frames) == outcomes


def test_parts_of_a_frame_5_ms_apart_survive() -> None:
    assert Parser().feed(b"A\n", pause=0.005) == [Issued(b"A")]


def test_parts_of_a_frame_50_ms_apart_lose_the_connection() -> None:
    (outcome,) = Parser().feed(b"A\n", pause=0.050)
    assert isinstance(outcome, Lost)
    assert "Timeout" in outcome.reason


@pytest.mark.parametrize("row", ["type", "arguments"])
def test_over_2047_bytes_is_cut(row: str) -> None:
    long = b"x" * (MESSAGE_LIMIT + 1)
    line = long if row == "type" else b"A|" + long
    assert Parser().feed(line + b"\n") == [Issued(line[:-1])]


@pytest.mark.parametrize("row", ["type", "arguments"])
def test_over_4200_bytes_aborts(row: str) -> None:
    long = b"x" * ABORT_LENGTH
    (outcome,) = Parser().feed((long if row == "type" else b"A|" + long) + b"\n")
    assert isinstance(outcome, Crash)
    assert "SIGABRT" in outcome.reason


def test_nothing_of_a_frame_that_does_not_fit_is_processed() -> None:
    parser = Parser()
    parser.feed(b"A|")
    parser.feed(b"1\n" + b"x" * FULL)
    assert parser.feed(b"2\n") == [Issued(b"A|2")]


def test_what_is_kept_survives_a_lost_connection() -> None:
    parser = Parser()
    parser.feed(b"\x03\xe8")
    parser.feed(b"")
    assert parser.feed(b"FIRST|1\n") == [Issued(b"\x03\xe8FIRST|1")]


def test_a_wedge_survives_a_lost_connection() -> None:
    parser = Parser()
    parser.feed(b"\nA\n")
    assert isinstance(parser.feed(b"")[0], Lost)
    assert isinstance(parser.feed(b"B\n")[0], Wedged)


def test_after_a_crash_nothing_is_issued() -> None:
    parser = Parser()
    parser.feed(b"\n")
    assert [sign(outcome) for outcome in parser.feed(b"A\n")] == ["CRASH"]


def test_waiting_says_what_is_kept() -> None:
    assert Parser().feed(b"A\nB|1") == [Issued(b"A"), Waiting(b"B|1", "a line without its newline")]


def test_an_issued_line_is_a_message() -> None:
    assert str(Issued("A|日本".encode()).message) == "A|日本"


@pytest.mark.parametrize(
    ("text", "number"), [(b"0012", 12), (b" 7x9", 7), (b"-1ab", -1), (b"+3", 3), (b"FOO|", 0)]
)
def test_leading_number(text: bytes, number: int) -> None:
    assert leading_number(text) == number


crumbs = st.one_of(
    st.sampled_from(
        [b"\n", b"\r", b"\0", b"S", b"SND", b"0004", b"|", b"__AV", b"__AV_MESSAGE,", b"A|b\n"]
    ),
    st.binary(max_size=20),
    st.binary(min_size=2000, max_size=5000),
)
frames = st.lists(crumbs, max_size=6).map(b"".join)


@given(st.lists(frames, max_size=12))
@example([b"\xfd\0", b"\xfd" * 8190])
def test_the_parser_never_raises_and_never_overflows(sent: list[bytes]) -> None:
    parser = Parser()
    for frame in sent:
        parser.feed(frame)
        assert len(parser.kept) < BUFFER_SIZE


lines = st.text(st.characters(exclude_characters="\0\r\n|", exclude_categories=["Cs"]), min_size=7)


@given(st.lists(lines.filter(lambda line: not line.startswith(("SND", "__AV"))), max_size=8))
def test_clean_lines_arrive_whatever_way_they_are_cut(sent: list[str]) -> None:
    stream = "".join(line + "\n" for line in sent).encode()
    parser = Parser()
    halves = (stream[: len(stream) // 2], stream[len(stream) // 2 :])
    # A frame must not begin with a newline, nor be empty.
    cut = halves if all(halves) and halves[1][0] != 0x0A else (stream,)
    outcomes = [outcome for frame in cut if frame for outcome in parser.feed(frame)]
    issued = [outcome.line.decode() for outcome in outcomes if isinstance(outcome, Issued)]
    assert issued == sent


def test_lines_that_come_to_nothing_say_why() -> None:
    assert Parser().feed(b"__AVX\n") == [Dropped(b"__AVX", "an unknown __AV line")]
