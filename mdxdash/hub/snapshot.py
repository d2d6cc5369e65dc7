"""A hub at one moment, as another process needs it to go on with the agents' sockets.

Only plain data, which `msgspec` encodes. Times ending in `_at` are Unix time; all others are
seconds of `time.monotonic`, which is one clock for all processes on Linux and macOS as long as the
machine runs. Each part is made and taken back by the object that owns the state.
"""

import msgspec

from mdxdash.catalog.announced import Announcements
from mdxdash.events.event import Via
from mdxdash.hub.interface import Handshake
from mdxdash.hub.refusals import CountedRefusal
from mdxdash.hub.relay.message_queue import KeptMessage
from mdxdash.hub.sockets.connection_snapshot import ConnectionSnapshot
from mdxdash.hub.traffic.counts import CountsSnapshot
from mdxdash.hub.traffic.echoes import ExpectedEcho
from mdxdash.hub.traffic.send_queue import QueuedLine


class AgentSnapshot(msgspec.Struct, frozen=True):
    """One agent, connected or gone."""

    name: str
    path: str
    handshake: Handshake
    connected_at: float
    last_seen_at: float
    gone_at: float | None
    seen: float
    silence_logged: bool
    counts: CountsSnapshot
    announced: Announcements
    queue: tuple[QueuedLine, ...] = ()
    next_frame: float = float("-inf")
    """When the next frame may leave."""
    echoes: tuple[ExpectedEcho, ...] = ()
    unfinished_line: bytes = b""
    unfinished_since: float | None = None
    via: Via = ""
    kept: tuple[KeptMessage, ...] = ()
    """Messages for the upstream."""
    connection: ConnectionSnapshot | None = None
    """None: it is gone."""


class HubSnapshot(msgspec.Struct, frozen=True):
    """A hub. Its sockets are handed over beside it: the listening ones, then those of the agents
    that have a `connection`, in their order."""

    port: int
    listeners: int
    """The number of the listening sockets."""
    agents: tuple[AgentSnapshot, ...]
    refusals: tuple[CountedRefusal, ...] = ()
