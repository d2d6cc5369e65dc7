"""A face over a WebSocket: a line a frame, and nothing waits where it could end the connection."""

from collections.abc import Callable

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from mdxdash.remote.faces.websocket_link import WebSocketLink


class Transport:
    """Takes bytes, and holds them until it is drained."""

    def __init__(self) -> None:
        self.held = b""
        self.passed = b""
        self.closed = False
        self.aborted = False
        self.limits: dict[str, int] = {}

    def write(self, data: bytes) -> None:
        self.held += data

    def get_write_buffer_size(self) -> int:
        return len(self.held)

    def set_write_buffer_limits(self, **limits: int) -> None:
        self.limits = limits

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True


class Connection:
    """What a link needs of a connection."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.on_resume: Callable[[], None] | None = None

    def drain(self) -> None:
        self.transport.passed += self.transport.held
        self.transport.held = b""
        assert self.on_resume is not None
        self.on_resume()


def link() -> tuple[WebSocketLink, Connection]:
    connection = Connection()
    return WebSocketLink(connection), connection  # type: ignore[arg-type]


def lines_of(data: bytes) -> list[bytes]:
    protocol = ClientProtocol(parse_uri("ws://localhost/"), state=OPEN)
    protocol.receive_data(data)
    return [bytes(event.data) for event in protocol.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_each_line_is_a_text_frame(size: int) -> None:
    face, connection = link()
    face.write(b"a" * size + b"\nnext\n")
    while connection.transport.held:
        connection.drain()
    assert lines_of(connection.transport.passed) == [b"a" * size, b"next"]


def test_what_is_more_than_a_little_waits_in_the_link_and_keeps_its_order() -> None:
    face, connection = link()
    asked = []
    face.on_read = lambda: asked.append(face.waiting)
    lines = [b"%07d" % number for number in range(100_000)]
    face.write(b"".join(line + b"\n" for line in lines))
    assert connection.transport.get_write_buffer_size() < 64 * 1024
    assert face.waiting == 100_000 * 9
    while connection.transport.held:
        connection.drain()
    assert lines_of(connection.transport.passed) == lines
    assert len(asked) == 2
    assert asked[0] < 64 * 1024


async def test_it_closes_after_what_was_written() -> None:
    face, connection = link()
    face.write(b"x" * 100_000 + b"\n" + b"last\n")
    face.close()
    face.write(b"too late\n")
    assert not connection.transport.closed
    connection.drain()
    connection.drain()
    assert connection.transport.closed
    assert lines_of(connection.transport.passed)[-1] == b"last"


def test_nothing_waits_for_a_connection_that_is_gone() -> None:
    face, connection = link()
    connection.transport.closed = True
    face.write(b"line\n")
    assert face.waiting == 0
