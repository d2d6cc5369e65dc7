"""The names at the broker: exchanges, queues and routing keys. Pure.

A routing key is `hub.agent`, so the broker can filter by one hub (`room-3.#`) or one agent
(`room-3.chat`). What means something in a routing key (`.`, `*`, `#`) is written as `%` and its
hexadecimal code; so is `%` itself.
"""

import hashlib
import re
from typing import Final

from mdxdash.settings.tables.fleet_section import HUB_NAME_PATTERN

EVENTS: Final = "mdxdash.events"
"""The topic exchange to which hubs publish."""

COMMANDS: Final = "mdxdash.commands"
"""The direct exchange that takes commands; the routing key is the hub."""

ANSWERS: Final = "mdxdash.answers"
"""The direct exchange to which hubs answer; the routing key is `Command.reply_to`."""

HISTORY: Final = "mdxdash.history"
"""The stream queue that keeps what was published, for those who come late."""

WATCH_PREFIX: Final = "mdxdash.watch."
"""Begins the names of the queues of dashboards, so that permissions can name them."""

NO_AGENT: Final = "%hub"
"""The second word of a routing key for events that concern no agent."""

STATE: Final = "%state"
"""The second word of a routing key for what hubs say of themselves."""

ALL_STATES: Final = f"*.{STATE}"
"""The routing key to bind for what hubs say of themselves, without events."""

HUB_NAME: Final = re.compile(HUB_NAME_PATTERN)
"""What a hub may be called: `[fleet] name`."""

_MEANT: Final = re.compile(r"[.*#%]")

_LONGEST_WORD: Final = 160
"""Bytes of an agent's word: a routing key has at most 255 (AMQP 0-9-1, 4.2.5.3)."""


def place(name: str) -> list[tuple[int, str]]:
    """Returns by what names are sorted: `room-2` stands before `room-10`."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), part) if part.isdecimal() else (-1, part) for part in parts]


def word(name: str) -> str:
    """Returns a name as one word of a routing key. A name that is too long is cut, and ends in a
    hash of the whole."""
    escaped = _MEANT.sub(lambda found: f"%{ord(found.group()):02X}", name)
    if len(escaped.encode("utf-8", "replace")) <= _LONGEST_WORD:
        return escaped
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
    return escaped.encode("utf-8", "replace")[: _LONGEST_WORD - 17].decode("utf-8", "ignore") + (
        f"~{digest}"
    )


def event_key(hub: str, agent: str) -> str:
    """Returns the routing key of an agent's events; `agent` may be empty."""
    return f"{word(hub)}.{word(agent) if agent else NO_AGENT}"


def state_key(hub: str) -> str:
    """Returns the routing key of what a hub says of itself."""
    return f"{word(hub)}.{STATE}"


def hub_queue(hub: str) -> str:
    """Returns the name of the queue from which a hub takes commands."""
    return f"mdxdash.hub.{hub}"


def watched_keys(only: str) -> tuple[str, ...]:
    """Returns the routing keys to bind for what is to be watched: `room-3`, `room-3/chat`, or
    nothing for all."""
    hub, slash, agent = only.partition("/")
    if not hub:
        return ("#",)
    if not slash:
        return (f"{word(hub)}.#",)
    return (event_key(hub, agent), state_key(hub))
