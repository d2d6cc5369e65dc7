"""The place where frames go on is found, wherever the bytes before are cut off."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.utils import apply_mask

from mdxdash.wire.frame_search import find_line


def frame(payload: bytes) -> bytes:
    return Frame(Opcode.TEXT, payload).serialize(mask=True)


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"A\n", "RECOG_EVENT_STOP|こんにちは\n".encode(), b"L|" + b"x" * 300 + b"\n"]
        ),
        st.binary(min_size=2047, max_size=2047),  # a line that was cut
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60)
@given(LINES, st.data())
def test_the_next_whole_line_is_found_from_any_byte_on(lines: list[bytes], data: st.DataObject):
    frames = [*map(frame, lines), frame(b"LAST\n")]
    stream = b"".join(frames)
    cut = data.draw(st.integers(0, len(stream) - len(frames[-1])))
    begins, wanted = 0, []
    for each, line in zip(frames, [*lines, b"LAST\n"], strict=True):
        if begins >= cut and len(line) < 2047:
            wanted.append(begins - cut)
        begins += len(each)
    assert find_line(stream[cut:], apply_mask) == (wanted[0], True)


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_a_frame_that_is_not_all_there_is_waited_for(size: int):
    part = frame(b"WHOLE|1\n")[:size]
    rest = b"\0\0\0" + part
    assert find_line(rest, apply_mask) == (3, False)


def test_what_holds_no_frame_need_not_be_searched_again():
    assert find_line(b"\0" * 100, apply_mask) == (100, False)
