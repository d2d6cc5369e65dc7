"""What the front ends know of a hub: its agents, a way to send, what becomes of it. Nothing else.

The dashboard and the macros are written against this, so that the hub can live in another process
one day, and a recording can be shown where there is no hub at all. All of it is read-only.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, Protocol

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import By
from mdxdash.hub.traffic.counts import Counts
from mdxdash.wire.message import Message

RETURN_WITHIN: Final = 60.0
"""Seconds within which an agent that comes back under the same path is the same agent."""

Presence = Literal["connected", "silent", "gone"]
"""`silent`: connected, but without a sign of life for some time."""


class Delivery(msgspec.Struct, frozen=True):
    """What became of one message that was handed to the hub."""

    agents: tuple[str, ...] = ()
    """The names of the agents in whose queue it stands."""
    refused: tuple[str, ...] = ()
    """Why it was not sent, a reason a refusal."""
    asked: tuple[str, ...] = ()
    """What may happen to an agent: nothing was sent, for nobody was sure."""


class Handshake(msgspec.Struct, frozen=True):
    """How an agent introduced itself; a secret is not in it."""

    address: str
    """Host and port that it dialled from."""
    path: str
    headers: tuple[tuple[str, str], ...]
    """As they came, in their order."""


class UpstreamLink(Protocol):
    """The connection to the user's own server on behalf of one agent."""

    @property
    def url(self) -> str:
        """Where the server is dialled."""

    @property
    def connected(self) -> bool:
        """Whether the server is there."""

    @property
    def waiting(self) -> int:
        """Messages of the agent that wait for the server."""


class Queue(Protocol):
    """The lines that wait for an agent; its length is their number."""

    @property
    def limit(self) -> int:
        """How many may wait."""

    def __len__(self) -> int: ...


class AgentView(Protocol):
    """An agent that is, or was, connected. Times ending in `_at` are Unix time in seconds."""

    @property
    def name(self) -> str:
        """`chat`, with `#2` for a second one."""

    @property
    def handshake(self) -> Handshake:
        """That of its connection, or of the last it had."""

    @property
    def connected_at(self) -> float:
        """When that was opened."""

    @property
    def gone_at(self) -> float | None:
        """When it ended; None while it is open."""

    @property
    def last_seen_at(self) -> float:
        """When it last gave a sign of life."""

    @property
    def state(self) -> Presence:
        """Whether it is there."""

    @property
    def connected(self) -> bool:
        """Whether a connection is open, silent or not."""

    @property
    def paused(self) -> bool:
        """Whether it does not read what is written to it, so that nothing more is."""

    @property
    def counts(self) -> Counts:
        """What went to and fro."""

    @property
    def queue(self) -> Queue:
        """What waits for it."""

    @property
    def known(self) -> AnnouncedState:
        """What it has announced."""

    @property
    def upstream(self) -> UpstreamLink | None:
        """The user's own server behind it; None without a relay, or when it has gone."""


class AgentHub(Protocol):
    """A hub as the front ends see it; `Hub` is one."""

    @property
    def url(self) -> str:
        """Where agents find it."""

    @property
    def mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, as they may be shown; a secret is not in them."""

    @property
    def full_mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, to be copied: with the secret."""

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Names for several agents, each a target."""

    @property
    def agents(self) -> Sequence[AgentView]:
        """Every agent, also those that have gone."""

    @property
    def connected(self) -> Sequence[AgentView]:
        """The agents with an open connection."""

    def targets(self, target: str | None) -> Sequence[AgentView]:
        """The connected agents that `target` means now."""

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        """Hands a message to the agents that `target` means; `by` says who, if it is no person."""
