"""Finds the circumstances in which an agent was lost: what came last, and what was left undone."""

from collections.abc import Sequence
from typing import Final

from mdxdash.alerts.alert import Loss
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import GONE_BEFORE_SENT

SEARCHED: Final = 5000
"""Events before a loss among which those of its agent are searched."""

RECENT: Final = 20
"""Events of the agent that a loss keeps."""

UNANSWERED_WITHIN: Final = 10.0
"""Seconds before a loss within which a message without an echo belongs to it. An echo is waited
for 5 s (`hub.traffic.echoes`)."""


def circumstances(log: EventLog, event: Event, macros: Sequence[str]) -> Loss:
    """Returns the circumstances of the loss that `event` is, which is in the log or about to be.

    * `macros`: the names of the macros that run on its agent.
    """
    before = log.slice(max(1, event.seq - SEARCHED), event.seq)
    own = [each for each in before if each.agent == event.agent and each.echo is None]
    messages = (each for each in reversed(own) if each.type and each.kind != "refused")
    late = [each for each in own if event.time - each.time <= UNANSWERED_WITHIN]
    return Loss(
        after=next(messages, None),
        unanswered=sum(map(_is_unanswered, late)),
        macros=tuple(dict.fromkeys(macros)),
        recent=(*own[1 - RECENT :], event),
    )


def _is_unanswered(event: Event) -> bool:
    if event.kind == "sent":
        return event.lost
    return event.kind == "refused" and event.text == GONE_BEFORE_SENT
