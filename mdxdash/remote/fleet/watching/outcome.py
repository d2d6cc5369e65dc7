"""What became of one order at each agent, by the answers of the hubs. Pure."""

from collections.abc import Iterator
from typing import Final

import msgspec

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.messages import Acknowledged, FromDesk, Sent
from mdxdash.remote.fleet.watching.fleet_hub import NOT_THERE, Order
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import format_message

WAITING: Final = N_("no answer")
SENT: Final = N_("sent")
ACKNOWLEDGED: Final = N_("acknowledged")
NO_ECHO: Final = N_("no echo")
REFUSED: Final = N_("refused")

_NAMED: Final = 3
"""Agents that a sentence names for one reason; of more, the number is given."""


_BECAUSE: Final = {SENT: N_("sent: {reason}"), REFUSED: N_("refused: {reason}")}

_BECAUSE_AT: Final = {
    SENT: N_("sent: {reason} ({names})"),
    REFUSED: N_("refused: {reason} ({names})"),
}

_OF_MACRO: Final = {
    "started": N_("sent: started"),
    "queued": N_("sent: queued"),
    "skipped": N_("sent: skipped"),
    "no agent": N_("sent: no agent"),
    "stopped": N_("sent: stopped"),
}
"""What a hub answers to the firing or stopping of a macro."""

_OF_MACRO_AT: Final = {
    "started": N_("sent: started ({names})"),
    "queued": N_("sent: queued ({names})"),
    "skipped": N_("sent: skipped ({names})"),
    "no agent": N_("sent: no agent ({names})"),
    "stopped": N_("sent: stopped ({names})"),
}

_AT: Final = {
    WAITING: N_("no answer ({names})"),
    SENT: N_("sent ({names})"),
    NO_ECHO: N_("no echo ({names})"),
    REFUSED: N_("refused ({names})"),
    NOT_THERE: N_("not there ({names})"),
}
"""Whole sentences, since a word alone is not translated: it may be a name."""


class AtAgent(msgspec.Struct):
    """What became of it at one agent."""

    state: str = WAITING
    """`sent`, `acknowledged`, `no echo`, `refused`, `not there`, or `no answer`."""
    round_trip: float | None = None
    """Seconds, once acknowledged."""
    reason: str = ""
    """Why it was refused."""

    @property
    def text(self) -> str:
        """The result in words: `acknowledged in 3 ms`."""
        if self.round_trip is not None:
            text = N_("acknowledged in {round_trip:.0f} ms")
            return text.format(round_trip=self.round_trip * 1000)
        if self.state == SENT and self.reason in _OF_MACRO:
            return _OF_MACRO[self.reason]
        if self.reason:
            return _BECAUSE[self.state].format(reason=self.reason)
        return self.state

    def text_at(self, names: str) -> str:
        """The result in words, with the agents at which it is so."""
        if self.state == SENT and self.reason in _OF_MACRO_AT:
            return _OF_MACRO_AT[self.reason].format(names=names)
        if self.reason:
            return _BECAUSE_AT[self.state].format(reason=self.reason, names=names)
        return _AT[self.state].format(names=names)


class Outcome:
    """Collects the answers to one order."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.at: dict[str, AtAgent] = {
            f"{hub}/{agent}": AtAgent() for hub, agents in order.agents.items() for agent in agents
        }
        """By `room-3/chat`; of a macro by the hub."""
        if self._is_of_macro:
            self.at = {hub: AtAgent() for hub in order.agents}
        message = order.message
        self._echoes = message is not None and expected_echo(message) is not None

    @property
    def _is_of_macro(self) -> bool:
        return bool(self.order.macro or self.order.stop_macro)

    @property
    def what(self) -> str:
        """What was ordered, in words."""
        if self.order.macro:
            return N_("macro {macro}").format(macro=self.order.macro)
        if self.order.stop_macro:
            return N_("stop macro {macro}").format(macro=self.order.stop_macro)
        message = self.order.message
        return N_("stop speech") if message is None else format_message(message)

    @property
    def complete(self) -> bool:
        """Whether nothing more is to come."""
        unfinished = (WAITING, SENT) if self._echoes else (WAITING,)
        return all(each.state not in unfinished for each in self.at.values())

    def miss(self, hub: str) -> list[str]:
        """The hub is not there. Returns the agents that this concerns."""
        return self._at_hub(hub, NOT_THERE, "")

    def fail(self, hub: str, reason: str) -> list[str]:
        """Nothing reached the hub. Returns the agents that this concerns."""
        return self._at_hub(hub, REFUSED, reason)

    def take(self, answer: FromDesk) -> list[str]:
        """Takes the answer of a hub. Returns the agents at which it was refused."""
        if isinstance(answer, Acknowledged):
            at = self.at.get(f"{answer.hub}/{answer.agent}")
            if at is not None:
                at.state = NO_ECHO if answer.round_trip is None else ACKNOWLEDGED
                at.round_trip = answer.round_trip
            return []
        return self._take_sent(answer)

    def _take_sent(self, answer: Sent) -> list[str]:
        if answer.error:
            return self._at_hub(answer.hub, REFUSED, answer.error)
        if self._is_of_macro:
            at = self.at.get(answer.hub)
            if at is not None:
                at.state, at.reason = SENT, answer.outcome
            return []
        delivery = answer.delivery
        refused = []
        for agent in self.order.agents.get(answer.hub, ()):
            at = self.at[f"{answer.hub}/{agent}"]
            if at.state != WAITING:
                continue  # acknowledged before the answer came
            if agent in delivery.agents:
                at.state = SENT
                continue
            reasons = [r for r in delivery.refused if r.startswith(f"{agent}: ")]
            asked = "; ".join(delivery.asked)
            at.state = REFUSED
            found = reasons[0].removeprefix(f"{agent}: ") if reasons else asked
            at.reason = found or "; ".join(delivery.refused)
            refused.append(f"{answer.hub}/{agent}")
        return refused

    def _at_hub(self, hub: str, state: str, reason: str) -> list[str]:
        found = []
        for name, at in self.at.items():
            if name.partition("/")[0] == hub:
                at.state, at.reason = state, reason
                found.append(name)
        return found

    @property
    def text(self) -> str:
        """What became of it: `A|1: 2 acknowledged in 3 to 5 ms; not there (room-2/chat)`."""
        return f"{self.what}: {'; '.join(self._parts())}"

    def _parts(self) -> Iterator[str]:
        acknowledged = [each.round_trip for each in self.at.values() if each.round_trip is not None]
        if acknowledged:
            least, most = min(acknowledged) * 1000, max(acknowledged) * 1000
            text = N_("{count} acknowledged in {least:.0f} to {most:.0f} ms")
            if f"{least:.0f}" == f"{most:.0f}":
                text = N_("{count} acknowledged in {least:.0f} ms")
            yield text.format(count=len(acknowledged), least=least, most=most)
        others: dict[str, tuple[AtAgent, list[str]]] = {}
        for name, at in self.at.items():
            if at.round_trip is None:
                others.setdefault(at.text, (at, []))[1].append(name)
        yield from (at.text_at(_listed(names)) for at, names in others.values())


def _listed(names: list[str]) -> str:
    if len(names) > _NAMED:
        return N_("{count:,} agents").format(count=len(names))
    return ", ".join(names)
