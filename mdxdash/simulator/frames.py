"""The bytes after the handshake, cut into WebSocket frames.

`websockets.frames.Frame.parse` reads each frame. Its `ClientProtocol` is not used, because it
answers close frames and pings by itself; the agent never answers a close frame, treats a fragment
like any other frame, and notices when the bytes of one frame arrive far apart (PROTOCOL.md).
"""

from collections.abc import Generator, Iterator

from websockets.frames import Frame


class FrameReader:
    """Cuts the byte stream from the server into frames (RFC 6455, section 5.2).

    A reader for which `feed` has raised is used no more.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._parsing = self._parse_next()
        self._begun = False

    @property
    def in_part(self) -> bool:
        """Whether the stream ends inside a frame."""
        return self._begun or bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames that `data` completes, in order.

        Raises:
            ProtocolError: a frame is masked, or has an unknown opcode or reserved bits, or is a
                control frame that is fragmented or has more than 125 bytes.
        """
        self._buffer += data
        while (frame := self._complete_frame()) is not None:
            yield frame

    def _complete_frame(self) -> Frame | None:
        try:
            next(self._parsing)
        except StopIteration as stopped:
            self._parsing = self._parse_next()
            self._begun = False
            frame: Frame = stopped.value
            return frame
        return None

    def _parse_next(self) -> Generator[None, None, Frame]:
        return Frame.parse(self._read_exact, mask=False)

    def _read_exact(self, size: int) -> Generator[None, None, bytes]:
        while len(self._buffer) < size:
            yield
        self._begun = True
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data
