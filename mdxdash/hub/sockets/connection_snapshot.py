"""A connection at one moment, as another process needs it to go on with the socket."""

import msgspec


class ConnectionSnapshot(msgspec.Struct, frozen=True):
    """The WebSocket connection of one agent, between two frames in either direction. Times are
    seconds of `time.monotonic`."""

    path: str
    """Of the request, with the secret."""
    headers: tuple[tuple[str, str], ...]
    undecoded: bytes
    """What was read from the socket and is not decoded: the beginning of a frame, or frames."""
    fragments: tuple[bytes, ...] = ()
    """Of a message that is not complete."""
    fragments_bytes: int | None = None
    """Their sum; None where no message is incomplete."""
    is_text: bool = True
    unfinished_since: float | None = None
    read: int = 0
    """The number of bytes that were read so far."""
    searches: bool = False
    """Whether bytes are missing, so that the next whole line has to be found first."""
    unwritten: tuple[bytes, ...] = ()
    """Whole frames that wait for the agent to read."""
