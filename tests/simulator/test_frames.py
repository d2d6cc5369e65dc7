from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as ServerFrame
from websockets.frames import Opcode as ServerOpcode

from mdxdash.simulator.frames import Frame, FrameReader, Opcode


def on_the_wire(payload: bytes, opcode: ServerOpcode = ServerOpcode.TEXT) -> bytes:
    return ServerFrame(opcode, payload).serialize(mask=False)


@given(st.lists(st.integers(0, 70_000), max_size=3), st.integers(0, 200_000))
def test_frames_are_found_wherever_the_stream_is_split(sizes: list[int], split: int) -> None:
    stream = b"".join(on_the_wire(bytes(size)) for size in sizes)
    reader = FrameReader()
    frames = reader.feed(stream[:split]) + reader.feed(stream[split:])
    assert frames == [Frame(Opcode.TEXT, bytes(size)) for size in sizes]
    assert reader.in_part == b""


def test_a_frame_in_part_is_kept() -> None:
    reader = FrameReader()
    reader.feed(on_the_wire(b"abc")[:3])
    assert len(reader.in_part) == 3


def test_a_close_frame_is_a_frame_like_others() -> None:
    stream = on_the_wire(b"\x03\xe8", ServerOpcode.CLOSE) + on_the_wire(b"A\n")
    assert FrameReader().feed(stream) == [
        Frame(Opcode.CLOSE, b"\x03\xe8"),
        Frame(Opcode.TEXT, b"A\n"),
    ]
