"""Frames from an agent to lines: cut, split, glued and garbled ones."""

import re
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.wire.decoding import PENDING_MAX_BYTES, Line, LineDecoder

LOG = b"[2026/11/22 19:48:26.306] [8303071] VIManager: Status: "


def feed(*frames: bytes) -> list[Line]:
    decoder = LineDecoder()
    return [line for frame in frames for line in decoder.feed(frame)]


def texts(*frames: bytes) -> list[str]:
    return [line.text for line in feed(*frames)]


def test_a_message_a_frame():
    assert feed(b"A|b\n") == [Line("A|b", 4)]


def test_several_lines_in_a_frame():
    assert texts(b"A\nB|x\nC\n") == ["A", "B|x", "C"]


def test_a_line_split_over_two_frames_is_joined():
    assert feed(b"HEL", b"LO|\xe3\x81", b"\x82\n") == [Line("HELLO|あ", 10)]


def test_a_frame_cut_at_2047_bytes_gives_its_line_at_once_and_marked():
    frame = b"A|" + "あ".encode() * 681 + b"xy"
    assert len(frame) == 2047
    assert feed(frame) == [Line("A|" + "あ" * 681 + "xy", 2047, cut=True)]
    assert texts(frame, b"B\n")[1] == "B"


def test_a_character_that_was_cut_becomes_a_replacement():
    frame = (b"A|x" + "あ".encode() * 700)[:2047]
    assert feed(frame)[0].text.endswith("あ\ufffd")


def test_bytes_that_are_not_utf8_are_replaced():
    assert texts(b"A|\xff\xfe\n") == ["A|\ufffd\ufffd"]


def test_blank_lines_are_no_lines():
    assert texts(b"\n", b"\n\nA\n\n", b"") == ["A"]


def test_an_unfinished_line_waits_and_is_given_out_as_cut():
    decoder = LineDecoder()
    assert decoder.feed(b"HALF") == []
    assert decoder.pending == 4
    assert decoder.flush() == [Line("HALF", 4, cut=True)]
    assert decoder.flush() == []


def test_a_log_line_ends_in_two_newlines_and_may_hold_one():
    assert texts(LOG + b"first\nsecond\n\n") == [(LOG + b"first\nsecond").decode()]


def test_several_log_lines_in_a_frame():
    assert len(texts(LOG + b"a\n\n" + LOG + b"b\n\n")) == 2


def test_a_log_line_that_lost_its_end_does_not_swallow_the_next():
    lines = feed(LOG + b"half", LOG + b"whole\n\n")
    assert [line.cut for line in lines] == [True, False]


def test_a_line_without_an_end_is_given_out_before_it_fills_memory():
    decoder = LineDecoder()
    given_out = [line for _ in range(200) for line in decoder.feed(b"x" * 1000)]
    assert sum(len(line.text) for line in given_out) + decoder.pending == 200_000
    assert all(line.cut for line in given_out)


def test_the_size_of_a_line_includes_its_newlines():
    assert feed(b"A\n") == [Line("A", 2)]
    assert feed(b"A\nBC\n") == [Line("A", 2), Line("BC", 3)]
    assert feed(LOG + b"x\n\n") == [Line((LOG + b"x").decode(), len(LOG) + 3)]


def test_a_frame_of_2047_bytes_with_its_newline_is_whole():
    assert feed(b"x" * 2046 + b"\n") == [Line("x" * 2046, 2047)]


def test_a_frame_of_2046_bytes_without_a_newline_may_be_continued():
    decoder = LineDecoder()
    assert decoder.feed(b"x" * 2046) == []
    assert decoder.pending == 2046


def test_the_lines_before_a_cut_one_are_whole():
    lines = feed(b"A\n" + b"x" * 2045)
    assert [(line.size, line.cut) for line in lines] == [(2, False), (2045, True)]


def test_an_unfinished_line_is_kept_up_to_its_limit():
    decoder = LineDecoder()
    for _ in range(PENDING_MAX_BYTES // 1024):
        assert decoder.feed(b"x" * 1024) == []
    assert decoder.pending == PENDING_MAX_BYTES
    assert decoder.feed(b"y") == [Line("x" * PENDING_MAX_BYTES + "y", PENDING_MAX_BYTES + 1, True)]
    assert decoder.pending == 0


def test_what_follows_an_unfinished_line_in_one_frame_is_split_too():
    assert feed(b"A", b"B\n") == [Line("AB", 3)]
    assert texts(b"A", b"B\nC\nD", b"\n") == ["AB", "C", "D"]


def test_a_line_after_a_log_line_that_lost_its_end_belongs_to_it():
    assert texts(LOG + b"half", b" more\n\n") == [(LOG + b"half more").decode()]


def test_a_bracket_after_two_newlines_ends_a_log_line_only_before_another_one():
    text = LOG + b"a\n\n[not a log line\n\n[neither"
    assert texts(text + b"\n\n" + LOG + b"b\n\n") == [text.decode(), (LOG + b"b").decode()]


line_text = st.text(st.characters(exclude_characters="\n", codec="utf-8"), min_size=1, max_size=40)


@given(st.lists(line_text.filter(lambda text: not text.startswith("[")), max_size=12), st.data())
@settings(max_examples=max(300, settings().max_examples))
def test_however_the_bytes_are_split_the_lines_come_back(lines: list[str], data: st.DataObject):
    stream = "".join(f"{line}\n" for line in lines).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    frames = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert texts(*frames) == lines


@given(st.lists(st.binary(max_size=3000), max_size=20))
@settings(max_examples=max(300, settings().max_examples))
def test_garbage_never_raises_and_loses_no_byte_but_line_ends(frames: list[bytes]):
    decoder = LineDecoder()
    lines = [line for frame in frames for line in decoder.feed(frame)] + decoder.flush()
    kept = "".join(line.text for line in lines).replace("\n", "")
    whole = b"".join(frames)
    # Each line is decoded by itself, so only what is valid UTF-8 can be compared as a whole.
    assert len(kept) <= len(whole)
    for word in whole.decode("utf-8", "replace").replace("\ufffd", "\n").split("\n"):
        assert word in kept


def specified(frames: list[bytes]) -> list[Line]:
    """What the decoder has to give, as plainly as it can be said: each frame begins anew."""
    start = re.compile(rb"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}\] \[\d{1,20}\] ")
    lines, pending = [], b""

    def cut() -> None:
        nonlocal pending
        if pending:
            lines.append(Line(pending.decode("utf-8", "replace"), len(pending), cut=True))
        pending = b""

    for frame in frames:
        if start.match(frame) and start.match(pending):
            cut()
        pending += frame
        while pending:
            if start.match(pending):
                found = re.search(rb"\n\n(?=" + start.pattern + rb")|\n+\Z", pending)
            else:
                found = re.search(rb"\n", pending)
            if not found:
                break
            if body := pending[: found.start()]:
                lines.append(Line(body.decode("utf-8", "replace"), found.end()))
            pending = pending[found.end() :]
        if len(frame) >= 2047 or len(pending) > PENDING_MAX_BYTES:
            cut()
    cut()
    return lines


PIECES = st.sampled_from(
    [
        LOG,
        LOG[:10],
        LOG[10:],
        b"\n",
        b"\n\n",
        b"\n\n[",
        b"A|b",
        b"\xe3\x81\x82",
        b"\xff",
        b"[",
        b"x" * 2047,
    ]
)


SEARCHED_AGAIN = 64
"""Bytes before a frame that are searched again: the end of a line may have been cut there."""


@settings(max_examples=max(300, settings().max_examples))
@given(st.lists(PIECES, max_size=12).map(b"".join), st.lists(st.integers(0, 300), max_size=12))
def test_lines_are_the_specified_ones_however_frames_cut_them(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(data)]
    frames = [data[a:b] for a, b in pairwise(edges)]
    decoder = LineDecoder()
    lines = [line for frame in frames for line in decoder.feed(frame)] + decoder.flush()
    plain = [msgspec.structs.replace(line, undecoded=b"") for line in lines]
    assert plain == specified(frames)
    for line in lines:
        assert bool(line.undecoded) == ("\ufffd" in line.text)
        assert not line.undecoded or line.undecoded.decode("utf-8", "replace") == line.text
    assert decoder.examined <= len(data) + SEARCHED_AGAIN * len(frames)


@pytest.mark.parametrize(
    ("begin", "rest"),
    [
        (LOG + b"\n\n[" * 13_000, b"x"),
        (LOG, b"\n\n["),
        (LOG, b"\n\n[2026/11/22 19:48:26.306] [1"),
        (b"", b"x"),
        (LOG, b"\nx"),
        (b"[2026/11/22 19:48:26.306] [", b"1"),
    ],
)
def test_the_search_for_ends_is_linear(begin: bytes, rest: bytes) -> None:
    """However small the frames are, a byte is not searched again and again."""
    decoder = LineDecoder()
    decoder.feed(begin)
    fed = len(begin)
    for _ in range(5_000):
        decoder.feed(rest)
        fed += len(rest)
    assert decoder.examined < 70 * fed  # 64 bytes before each frame are searched again


def test_several_log_lines_in_a_frame_end_each_before_the_next():
    lines = [LOG + b"one\nmore", LOG + b"\n\n[two", LOG + b"three"]
    assert texts(b"\n\n".join(lines) + b"\n\n") == [line.decode() for line in lines]


def test_a_log_line_behind_a_message_ends_in_two_newlines():
    assert texts(b"A|b\n" + LOG + b"x\ny\n\n" + LOG + b"z\n\n") == [
        "A|b",
        (LOG + b"x\ny").decode(),
        (LOG + b"z").decode(),
    ]


@pytest.mark.parametrize(
    ("frames", "examined"),
    [
        ([b"AB|c"], 4),
        ([b"AB|c", b"d\n"], 4 + 5),  # what came before is within the bytes that are searched again
        ([b"x" * 100, b"y\n"], 100 + 64 + 1),
        ([b"A\nB\nCC"], 1 + 1 + 2),
        ([LOG + b"x\n\n" + LOG + b"y\n\n"], len(LOG) + 1 + len(LOG) + 3),
        ([LOG + b"x"], len(LOG) + 1),
        ([b"\n\nA"], 0 + 0 + 1),
    ],
)
def test_the_bytes_that_were_searched_are_counted(frames: list[bytes], examined: int):
    decoder = LineDecoder()
    for frame in frames:
        decoder.feed(frame)
    assert decoder.examined == examined


@given(
    st.lists(
        st.sampled_from(
            [b"A\n", b"A|b\n", "A|あ\n".encode(), b"\n", b"A", b"\xff\n", b"A\nB\n",
             b"[2026/11/22 19:48:26.306] [1] V: Sent: A\n\n", b"A" * 2047, b"A" * 2047 + b"\n",
             b"A" * 2046 + b"\n", b"[\n", b"A\r\n", "\u2028\n".encode()],
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_whole_messages_are_decoded_together_as_one_by_one(frames: list[bytes]) -> None:
    texts = LineDecoder().whole_lines(frames)
    decoder = LineDecoder()
    lines = [line for frame in frames for line in decoder.feed(frame)]
    if texts is not None:
        assert [Line(text, len(f)) for text, f in zip(texts, frames, strict=True)] == lines
        assert decoder.pending == 0


def test_whole_messages_are_not_taken_behind_an_unfinished_one() -> None:
    decoder = LineDecoder()
    assert decoder.whole_lines([b"A\n", b"B\n"]) == ["A", "B"]
    decoder.feed(b"C|")
    assert decoder.whole_lines([b"A\n", b"B\n"]) is None
