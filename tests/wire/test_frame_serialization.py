"""Frames of a client and of a server, against the parsers of the websockets library."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from mdxdash.hub.sockets.masking import apply_mask
from mdxdash.wire.frame_serialization import masked_frames, server_frame

PAYLOADS = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([0, 1, 125, 126, 65_535, 65_536, 100_000]).map(lambda size: b"x" * size),
)


@given(st.lists(st.tuples(st.sampled_from([Opcode.TEXT, Opcode.BINARY]), PAYLOADS), max_size=20))
def test_a_server_takes_them_as_they_were(frames: list[tuple[Opcode, bytes]]) -> None:
    server = ServerProtocol(state=State.OPEN)
    server.receive_data(
        masked_frames([(0x80 | opcode, data) for opcode, data in frames], apply_mask)
    )
    assert server.parser_exc is None
    assert server.events_received() == [Frame(opcode, data) for opcode, data in frames]


@given(st.lists(st.tuples(st.sampled_from([Opcode.TEXT, Opcode.BINARY]), PAYLOADS), max_size=20))
def test_a_client_takes_them_as_they_were(frames: list[tuple[Opcode, bytes]]) -> None:
    client = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN)
    for opcode, data in frames:
        client.receive_data(server_frame(0x80 | opcode, data))
    assert client.parser_exc is None
    assert client.events_received() == [Frame(opcode, data) for opcode, data in frames]


def test_each_has_a_key_of_its_own() -> None:
    data = masked_frames([(0x81, bytes(4))] * 1000, apply_mask)
    assert len({data[at + 2 : at + 6] for at in range(0, len(data), 10)}) > 990
