"""What a wait and a trigger can hear: what an agent says, each thing once.

An agent sends back all that it is sent, and a log of everything tells each message twice (`Sent`,
then `Captured`). So echoes, sent lines and `Captured` lines are not heard, unless the filter
speaks of them: a macro never takes its own command for an answer. Nor is the coming and going of
the user's own server behind the hub, which happens beside the agent's.
"""

from collections.abc import Callable

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, Filter
from mdxdash.filters.matching import type_decision

Matches = Callable[[Event], bool]

_OF_SENDING = ("dir:out", "kind:sent")
_COMINGS = frozenset({"connected", "disconnected"})
_OF_COMINGS = tuple(f"kind:{kind}" for kind in sorted(_COMINGS))
_OF_THE_LOG = ("kind:log", "module", "level")


def matching(filter_: Filter, context: Context) -> Matches:
    """The function that says whether an event passes and can be heard. `is:echo` lets echoes be
    heard, `dir:out` or `kind:sent` sent lines, `kind:log`, `level:` or `module:` all log lines,
    `via:server` the coming and going of the user's server."""
    passes = filter_.compile(context)
    echoes = filter_.mentions("is:echo")
    sent = any(map(filter_.mentions, _OF_SENDING))
    captured = any(map(filter_.mentions, _OF_THE_LOG))
    servers = filter_.mentions("via")

    def hears(event: Event) -> bool:
        return (
            passes(event)
            and (echoes or event.echo is None)
            and (sent or event.kind != "sent")
            and (captured or event.level != "Captured")
            and (servers or not event.via or event.kind not in _COMINGS)
        )

    return hears


def asks_about_connections(filter_: Filter) -> bool:
    """Whether it is about an agent's coming and going, so that one that is gone is no reason to
    wait no longer."""
    return any(map(filter_.mentions, _OF_COMINGS))


def may_match(filter_: Filter, type_: str) -> bool:
    """Whether an event of that type can pass at all."""
    return filter_.node is None or type_decision(filter_.node, type_) is not False
