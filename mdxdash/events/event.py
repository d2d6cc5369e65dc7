"""The event: one thing that happened, with its time, its agent and its direction.

Everybody looks at the same type: the screen, the recording on disk, JSON Lines on stdout, macros.
An event is made once, at the socket, and never changed, but for its acknowledgement, which makes
a new event in its place (see `EventLog.acknowledge`).
"""

from typing import Literal, get_args

import msgspec

Kind = Literal["received", "sent", "log", "connected", "disconnected", "refused", "fault"]
"""What happened:

* `received`, `sent`: a message from or to an agent.
* `log`: a line of an agent's log (`Plugin_Remote_AllLog=true`).
* `connected`, `disconnected`: an agent came or went.
* `refused`: a connection was turned away, or a line was not sent, with the reason in `text`.
* `fault`: something went wrong; `text` says what.
"""

Via = Literal["", "server"]
"""Whether the user's own server behind the hub is concerned (see `Event.via`)."""

By = Literal["", "macro", "tap"]
"""Who sent a message in place of a person (see `Event.by`)."""

KINDS: tuple[str, ...] = get_args(Kind)


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing that happened. Fields that do not apply keep their defaults, and are left out
    of its JSON.

    Without cyclic garbage collection (`gc=False`), since it holds nothing but plain values: with
    a million events in memory a full collection would otherwise stop the program for a second.
    """

    seq: int
    """Counts the events of a session, from 1, without a gap."""
    time: float
    """When it happened at the hub: Unix time, seconds."""
    kind: Kind
    agent: str = ""
    """The agent's name (`chat`, `chat#2`); empty where no agent is concerned."""
    type: str = ""
    """The message's type; for a log line only where the line speaks of a message."""
    args: str = ""
    """The message's arguments as they stand after the first bar: `0|voice|text`."""
    text: str = ""
    """What is not a message: a log line's text, an address, the reason of a refusal or a fault."""
    module: str = ""
    """For `log`: the part of the agent that wrote the line (`VIManager`)."""
    level: str = ""
    """For `log`: `Error`, `Warning`, `Status`, `Debug`, `Sent` or `Captured`."""
    agent_time: str = ""
    """For `log`: the agent's own clock, `2026/11/22 19:48:26.306`."""
    ticks: int = 0
    """For `log`: the agent's tick count."""
    size: int = 0
    """Bytes on the wire, with the line's end."""
    cut: bool = False
    """The line came without its end: the agent cuts what is longer than 2,047 bytes."""
    echo: int | None = None
    """For `received` and `log`: the `seq` of the sent event that this line acknowledges."""
    round_trip: float | None = None
    """For `sent`, once acknowledged, and for its echo: the time between, in seconds."""
    lost: bool = False
    """For `sent`: no echo came within 5 s."""
    via: Via = ""
    """With a user's own server behind the hub (`--relay`) `server` says: `received` went on to it,
    `sent` came from it; it, not the agent, was `connected` or `disconnected`."""
    by: By = ""
    """For `sent`: `macro`, or `tap` for another program that shares the agent; empty where a person
    sent it, or the server (`via`)."""
