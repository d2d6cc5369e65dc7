"""The frames of a byte stream, wherever it is split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode

from mdxdash.simulator.frames import FrameReader


def on_the_wire(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=False)


def read(*pieces: bytes) -> list[Frame]:
    reader = FrameReader()
    return [frame for piece in pieces for frame in reader.feed(piece)]


@given(st.lists(st.integers(0, 70_000), max_size=3), st.integers(0, 200_000))
def test_frames_are_found_wherever_the_stream_is_split(sizes: list[int], split: int) -> None:
    stream = b"".join(on_the_wire(bytes(size)) for size in sizes)
    assert read(stream[:split], stream[split:]) == [
        Frame(Opcode.TEXT, bytes(size)) for size in sizes
    ]


@given(st.sampled_from([0, 3, 200, 70_000]), st.data())
def test_a_stream_that_ends_inside_a_frame_is_in_part(size: int, data: st.DataObject) -> None:
    stream = on_the_wire(bytes(size))
    cut = data.draw(st.integers(1, len(stream) - 1))
    reader = FrameReader()
    assert not reader.in_part
    assert list(reader.feed(on_the_wire(b"A\n") + stream[:cut])) == [Frame(Opcode.TEXT, b"A\n")]
    assert reader.in_part
    assert list(reader.feed(stream[cut:])) == [Frame(Opcode.TEXT, bytes(size))]
    assert not reader.in_part


def test_a_fragment_is_a_frame_of_its_own() -> None:
    stream = on_the_wire(b"A", fin=False) + on_the_wire(b"|1\n", Opcode.CONT)
    assert read(stream) == [Frame(Opcode.TEXT, b"A", fin=False), Frame(Opcode.CONT, b"|1\n")]


def test_a_close_frame_is_a_frame_like_others() -> None:
    stream = on_the_wire(b"\x03\xe8", Opcode.CLOSE) + on_the_wire(b"A\n")
    assert read(stream) == [Frame(Opcode.CLOSE, b"\x03\xe8"), Frame(Opcode.TEXT, b"A\n")]


def test_text_is_not_decoded() -> None:
    assert read(on_the_wire(b"\xff\n")) == [Frame(Opcode.TEXT, b"\xff\n")]


def test_the_frames_before_a_broken_one_are_given_out() -> None:
    frames = FrameReader().feed(on_the_wire(b"A\n") + b"\x83\x00")
    assert next(frames) == Frame(Opcode.TEXT, b"A\n")
    with pytest.raises(ProtocolError, match="invalid opcode"):
        next(frames)


def test_a_masked_frame_is_refused() -> None:
    with pytest.raises(ProtocolError, match="masking"):
        read(Frame(Opcode.TEXT, b"A\n").serialize(mask=True))
