"""Which events a wait, a trigger and a program get: what an agent sends, each message once.

An agent sends back all that it is sent, and logs each of its messages twice if it logs everything
(`Sent`, then `Captured`). An echo is news for everybody but the one who sent the message: what a
person says as the user, and what another program sends, reaches macros and programs; a macro never
takes a macro's command for a reply, nor a program its own. Sound and its control messages are no
news for anybody. Sent messages and `Captured` lines are not matched either, nor the connections of
the user's own server behind the hub (`via:server`), which are not the agent's. A filter that
mentions such events gets them.
"""

from collections.abc import Callable

from mdxdash.events.event import By, Event, is_of_agent
from mdxdash.filters.filter import Context, Filter
from mdxdash.filters.matching import type_decision

Matches = Callable[[Event], bool]

_OF_SENT_MESSAGES = ("dir:out", "kind:sent")
_CONNECTION_KINDS = frozenset({"connected", "disconnected"})
_OF_CONNECTIONS = tuple(f"kind:{kind}" for kind in sorted(_CONNECTION_KINDS))
_OF_LOG_LINES = ("kind:log", "module", "level")


def event_matcher(filter_: Filter, context: Context, sender: By = "macro") -> Matches:
    """Returns the function that decides whether an event passes the filter and counts.

    `sender` is for whom it decides: echoes of what it sent do not count. A filter with `is:echo`
    lets all echoes count, `dir:out` or `kind:sent` sent messages, `kind:log`,
    `level:` or `module:` `Captured` log lines, and `via:` the connections of the user's own server.
    Connections at the tap, which are no agents', do not count either.
    """
    passes = filter_.compile(context)
    echoes = filter_.mentions("is:echo")
    no_news = (sender, "speech")
    sent = any(map(filter_.mentions, _OF_SENT_MESSAGES))
    captured = any(map(filter_.mentions, _OF_LOG_LINES))
    servers = filter_.mentions("via")

    def matches(event: Event) -> bool:
        return (
            passes(event)
            and (echoes or event.echo is None or event.by not in no_news)
            and (sent or event.kind != "sent")
            and (captured or event.level != "Captured")
            and (event.kind not in _CONNECTION_KINDS or is_of_agent(event) or servers)
        )

    return matches


def is_about_connections(filter_: Filter) -> bool:
    """Returns whether the filter is about an agent's connections, so that a wait for it must go on
    while the agent is gone."""
    return any(map(filter_.mentions, _OF_CONNECTIONS))


def may_match(filter_: Filter, type_: str) -> bool:
    """Returns whether an event of that message type can pass the filter at all."""
    return filter_.node is None or type_decision(filter_.node, type_) is not False
