"""The condition of a macro or a watch: events that pass a filter, too many of them in a minute, or
another event that does not follow in time.

`files.condition_form` describes how it is written, `running.condition_tracker` follows it.
"""

from typing import Final

import msgspec

from mdxdash.filters.filter import Filter
from mdxdash.language.translation import N_
from mdxdash.settings.quantities import format_duration

MINUTE: Final = 60.0
"""Seconds in which the events of `above` are counted."""


class Condition(msgspec.Struct, frozen=True):
    """When something is to happen. Without `above` and `absent`: at every event that passes
    `on`."""

    on: Filter
    """The events; its values may hold the `{names}` of a macro's `params`."""
    target: str | None = None
    """The agents whose events count, as `hub.targets` reads it; None: all of them."""
    above: int | None = None
    """When more than so many events passed `on` within a minute; again a minute later at the
    earliest."""
    absent: Filter | None = None
    """When no event that passes this filter comes from the same agent `within` the time after an
    event that passes `on`. An event that passes both ends one wait and begins the next."""
    within: float = 0.0
    """Seconds; only with `absent`."""


def describe_rule(condition: Condition) -> str:
    """Returns what makes the condition more than every event: `above 10 a minute`,
    `no type:SYNTH_EVENT_START within 5s`; empty for every event."""
    if condition.above is not None:
        return N_("above {above:,} a minute").format(above=condition.above)
    if condition.absent is not None:
        return N_("no {text} within {within}").format(
            text=condition.absent.text, within=format_duration(condition.within)
        )
    return ""
