"""Frames are split where they end, however the bytes come, and nothing is taken twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.utils import apply_mask

from mdxdash.wire.frame_splitting import FrameSplitter

LIMIT = 300


def frame(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


def splitter(data: bytes = b"") -> FrameSplitter:
    return FrameSplitter(LIMIT, apply_mask, data)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, LIMIT])
def test_a_text_frame_is_a_message_once_its_last_byte_is_there(size: int):
    payload = b"x" * size
    whole = frame(payload)
    frames = splitter()
    for byte in whole[:-1]:
        frames.feed(bytes([byte]))
        assert not frames.take_messages()
        assert not frames.take_frames(LIMIT)
    frames.feed(whole[-1:] + b"\x81")
    assert frames.take_messages() == [payload]
    assert frames.pending == b"\x81"


def test_the_rest_goes_on_in_another_splitter():
    data = frame(b"A\n") + frame(b"B\n")
    first = splitter(data[:11])
    assert first.take_messages() == [b"A\n"]
    second = splitter(first.pending)
    second.feed(data[11:])
    assert second.take_messages() == [b"B\n"]
    assert second.is_empty


@pytest.mark.parametrize(
    "other",
    [
        frame(b"x", Opcode.PING),
        frame(b"x", Opcode.BINARY),
        frame(b"x", fin=False),
        frame(b"x" * (LIMIT - 1), Opcode.CONT),
    ],
    ids=["ping", "binary", "first fragment", "continuation"],
)
def test_other_frames_are_taken_whole_as_they_came(other: bytes):
    frames = splitter(other[:-1])
    assert not frames.take_messages()
    assert not frames.take_frames(LIMIT)
    frames.feed(other[-1:] + frame(b"A\n"))
    assert not frames.take_messages()
    assert frames.take_frames(LIMIT) == other


def test_other_frames_are_taken_up_to_the_next_text_frame():
    ping, pong = frame(b"1", Opcode.PING), frame(b"2", Opcode.PONG)
    frames = splitter(ping + pong + frame(b"A\n") + ping + pong[:-1])
    assert frames.take_frames(LIMIT) == ping + pong
    assert frames.take_messages() == [b"A\n"]
    assert frames.take_frames(LIMIT) == ping


@pytest.mark.parametrize(
    "head",
    [b"\x83\x80", b"\x81\x01", b"\x82\xfe\x01\x2d", b"\x81\xff" + bytes(6) + b"\x01\x2d"],
    ids=["opcode", "not masked", "over the limit", "over the limit in 8 bytes"],
)
def test_a_head_that_a_parser_refuses_is_taken_at_once(head: bytes):
    frames = splitter(head[:1])
    assert not frames.take_frames(LIMIT)
    frames.feed(head[1:])
    assert not frames.take_messages()
    assert frames.take_frames(LIMIT) == head
    assert frames.is_empty


def test_behind_a_fragment_the_limit_may_be_another_one():
    fragment, ping = frame(b"x" * 200, fin=False), frame(b"x" * 101, Opcode.PING)
    frames = splitter(fragment + ping[:-1])
    assert frames.take_frames(LIMIT) == fragment
    assert frames.take_frames(LIMIT - 200) == ping[:-1]


def test_everything_can_be_taken():
    frames = splitter(frame(b"A\n") + b"rest")
    frames.take_messages()
    assert frames.take_all() == b"rest"
    assert frames.is_empty


@settings(max_examples=50)
@given(
    payloads=st.lists(st.binary(max_size=LIMIT), max_size=12),
    cuts=st.lists(st.integers(1, 200), min_size=1, max_size=8),
)
def test_messages_are_the_same_however_their_bytes_are_cut(payloads: list[bytes], cuts: list[int]):
    data, frames, messages = b"".join(map(frame, payloads)), splitter(), []
    position = index = 0
    while position < len(data):
        size = cuts[index % len(cuts)]
        frames.feed(data[position : position + size])
        messages += frames.take_messages()
        position, index = position + size, index + 1
    assert messages == payloads
    assert frames.is_empty
