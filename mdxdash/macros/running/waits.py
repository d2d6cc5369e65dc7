"""Where a run waits: what satisfies the wait, what fails it, and when it ends by itself.

All times are seconds on a clock that only goes forward.
"""

from dataclasses import dataclass
from typing import NamedTuple

from mdxdash.events.event import By, Event
from mdxdash.filters.filter import Context, Filter
from mdxdash.filters.regex import PatternStopped
from mdxdash.hub.interface import RETURN_WITHIN
from mdxdash.language.translation import N_
from mdxdash.macros.running.event_matching import Matches, event_matcher, is_about_connections
from mdxdash.settings.quantities import format_duration


class MatchedEvent(NamedTuple):
    """The event that ended a wait."""

    event: Event
    failure: str = ""
    """Why it fails the step; empty if it satisfies the wait."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a run waits for: a time, or an event that comes before that time."""

    deadline: float
    wanted: Matches | None = None
    """None: no event ends it, as for a `sleep`."""
    forbidden: Matches | None = None
    for_connection: bool = False
    """Whether it waits for the agent's own connecting or disconnecting."""

    def match(self, event: Event) -> MatchedEvent | None:
        """Returns how an event of the agent ends the wait; None if it goes on. A forbidden event
        fails it, also if it is the wanted one, and so does one on which a regular expression
        takes too long."""
        try:
            if self.forbidden is not None and self.forbidden(event):
                return MatchedEvent(event, N_("what came is forbidden"))
            if self.wanted is not None and self.wanted(event):
                return MatchedEvent(event)
        except PatternStopped as stopped:
            return MatchedEvent(event, str(stopped))
        return None

    def ends_at(self, gone_at: float | None) -> float:
        """Returns when it ends without an event.

        `gone_at` is when the agent disconnected; None if it is connected. An agent that is not
        back within RETURN_WITHIN does not reply any more.
        """
        if gone_at is None or self.wanted is None or self.for_connection:
            return self.deadline
        return min(self.deadline, gone_at + RETURN_WITHIN)

    def describe_end(self, now: float, timeout: float, agent: str, gone_at: float | None) -> str:
        """Returns why it ended at `now` without an event; `timeout` is what the step allows."""
        gone = N_("the agent {agent} went and did not come back").format(agent=agent)
        if now < self.deadline:
            return N_("{gone} within {time}").format(gone=gone, time=format_duration(RETURN_WITHIN))
        text = N_("nothing that passes came within {timeout}").format(
            timeout=format_duration(timeout)
        )
        return text if gone_at is None or self.for_connection else f"{text}: {gone}"


def wait_for(
    deadline: float,
    wanted: Filter,
    forbidden: Filter | None,
    context: Context,
    sender: By = "macro",
) -> Wait:
    """Returns the wait of `sender` for an event that passes the filter `wanted`, and none that
    passes `forbidden`."""
    return Wait(
        deadline,
        event_matcher(wanted, context, sender),
        None if forbidden is None else event_matcher(forbidden, context, sender),
        is_about_connections(wanted),
    )
