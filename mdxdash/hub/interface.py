"""The small protocol through which front ends and macros see a hub: its agents, and sending.

`HubServer` and `RecordedHub` implement it, so that a dashboard shows a live hub or a recording. All
attributes are read-only.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, Protocol

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import By
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.traffic.counts import Counts
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.language.translation import N_
from mdxdash.wire.message import Message

RETURN_WITHIN: Final = 60.0
"""Seconds within which an agent that connects again under the same path is the same agent."""

GONE_BEFORE_SENT: Final = N_("the agent was gone before this line left")
"""The text of an event `refused` if a queued message could not leave any more."""

NOBODY: Final = N_("no agent to send it to is connected")
"""Why a message went to nobody, where it was refused by none."""

Presence = Literal["connected", "silent", "gone"]
"""`silent`: connected, but without a message or pong for some time."""


class Delivery(msgspec.Struct, frozen=True):
    """The result of sending one message."""

    agents: tuple[str, ...] = ()
    """The names of the agents whose queue it is in."""
    refused: tuple[str, ...] = ()
    """Why it was not sent: one reason for each refusal."""
    asked: tuple[str, ...] = ()
    """What may happen to an agent: nothing was sent, since the caller was not sure."""

    @property
    def nobody(self) -> bool:
        """Whether there was no agent that it was meant for."""
        return not (self.agents or self.refused or self.asked)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it was not sent to all that it was meant for; nothing if it was."""
        return (NOBODY,) if self.nobody else (*self.refused, *self.asked)


class Handshake(msgspec.Struct, frozen=True):
    """The request of an agent's opening handshake, without the secret."""

    address: str
    """Host and port of the agent's end: `127.0.0.1:50234`."""
    path: str
    headers: tuple[tuple[str, str], ...]
    """Names and values, in the order in which they came."""


class UpstreamLink(Protocol):
    """The connection to the upstream, the user's own server, on behalf of one agent."""

    @property
    def url(self) -> str:
        """The URL of the upstream, without its password."""

    @property
    def connected(self) -> bool:
        """Whether the upstream is connected."""

    @property
    def waiting(self) -> int:
        """The number of the agent's messages that wait to be sent to the upstream."""


class Queue(Protocol):
    """The lines that wait for an agent; its length is their number."""

    @property
    def limit(self) -> int:
        """How many lines may wait."""

    def __len__(self) -> int: ...


class AgentView(Protocol):
    """An agent that is, or was, connected. Times ending in `_at` are Unix time in seconds."""

    @property
    def name(self) -> str:
        """`chat`, with `#2` for a second one."""

    @property
    def handshake(self) -> Handshake:
        """Of its connection, or of its last one."""

    @property
    def connected_at(self) -> float:
        """When that connection was opened."""

    @property
    def gone_at(self) -> float | None:
        """When that connection ended; None while it is open."""

    @property
    def last_seen_at(self) -> float:
        """When its last message or pong came."""

    @property
    def state(self) -> Presence:
        """Whether it is connected, silent or gone."""

    @property
    def connected(self) -> bool:
        """Whether a connection is open, silent or not."""

    @property
    def paused(self) -> bool:
        """Whether the agent does not read, so that nothing more is written to it."""

    @property
    def counts(self) -> Counts:
        """What was sent and received."""

    @property
    def queue(self) -> Queue:
        """The lines that wait for it."""

    @property
    def known(self) -> AnnouncedState:
        """What it has announced."""

    @property
    def upstream(self) -> UpstreamLink | None:
        """The relay's connection to the upstream; None without a relay, or without an agent."""

    @property
    def speech(self) -> SpeechState | None:
        """What it speaks; None while it speaks nothing that mdxdash sends."""


class AgentHub(Protocol):
    """A hub as front ends and macros see it."""

    @property
    def url(self) -> str:
        """The URL that agents dial, without the secret."""

    @property
    def mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, without the secret, to be shown."""

    @property
    def full_mdf_lines(self) -> tuple[str, ...]:
        """The lines for an agent's `.mdf`, with the secret, to be copied."""

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Names for several agents, each a target."""

    @property
    def agents(self) -> Sequence[AgentView]:
        """Every agent, also those that have gone."""

    @property
    def connected(self) -> Sequence[AgentView]:
        """The agents with an open connection."""

    @property
    def unsafe(self) -> bool:
        """Whether messages that may harm an agent are sent unasked."""

    @property
    def refusals(self) -> Sequence[RefusalCount]:
        """The different refused connections with their numbers, the latest last."""

    def targets(self, target: str | None) -> Sequence[AgentView]:
        """Returns the connected agents that `target` selects now (None: all)."""

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        """Queues a message for the agents that `target` selects (None: all).

        A dangerous one is queued only if the caller is `sure`. `by` names what sent it, if not a
        person. Returns what was done.
        """

    def stop_speech(self, target: str | None = None) -> int:
        """Stops what the agents speak that `target` selects (None: all), and what waits to be
        spoken. Returns how many agents spoke. What was sent is heard for a moment more."""
