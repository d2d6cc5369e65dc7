"""Decides what becomes of a message: which agents get it, which do not, and what is asked first.

Both the hub that sends it and the dashboard that predicts what its hub elsewhere does decide here.
"""

from collections.abc import Sequence, Sized
from typing import Generic, Protocol, TypeVar

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.check import harms
from mdxdash.hub.traffic.send_queue import Outgoing, QueueFull


class Waiting(Sized, Protocol):
    """The lines that wait for an agent."""

    @property
    def limit(self) -> int:
        """How many may wait; 0 if that is not known."""


class Receiver(Protocol):
    """An agent, as far as it matters for the decision."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def known(self) -> AnnouncedState:
        """What it has announced."""

    @property
    def queue(self) -> Waiting:
        """The lines that wait for it."""


A = TypeVar("A", bound=Receiver)


class Decision(msgspec.Struct, Generic[A], frozen=True):
    """What becomes of one message."""

    takers: tuple[A, ...] = ()
    """The agents whose queue it goes into."""
    names: tuple[str, ...] = ()
    """Their names."""
    refusals: tuple[tuple[A, str], ...] = ()
    """The agents that do not get it, each with the reason."""
    reasons: tuple[str, ...] = ()
    """These reasons, each with the agent's name."""
    asked: tuple[str, ...] = ()
    """What may happen to an agent: then nobody gets it, since the caller was not sure."""


def decide(outgoing: Outgoing, agents: Sequence[A], *, sure: bool) -> Decision[A]:
    """Decides what becomes of a message; changes nothing.

    Args:
        outgoing: The message.
        agents: The agents that its target selects.
        sure: Whether a message that may harm an agent, as far as its state is known, is sent.
            One that would harm it for certain never is.

    Returns:
        Who gets it, and who does not.
    """
    takers: list[A] = []
    names: list[str] = []
    refusals: list[tuple[A, str]] = []
    reasons: list[str] = []
    asked: list[str] = []
    for agent in agents:
        reason = ""
        for finding in () if outgoing.command is None else harms(outgoing.command, agent.known):
            if finding.severity == "ask":
                asked.append(str(finding))
            elif finding.severity == "refused":
                reason = reason or str(finding)
        queue = agent.queue
        if not reason and len(queue) >= queue.limit > 0:
            reason = str(QueueFull(queue.limit))
        if reason:
            refusals.append((agent, reason))
            reasons.append(f"{agent.name}: {reason}")
        else:
            takers.append(agent)
            names.append(agent.name)
    if asked and not sure:
        return Decision(asked=tuple(dict.fromkeys(asked)))
    return Decision(tuple(takers), tuple(names), tuple(refusals), tuple(reasons))
