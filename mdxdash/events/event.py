"""The event: one thing that happened, with its time, its agent and its direction.

The screen, the recording on disk, JSON Lines on stdout and macros all use this one type. What
happens at the hub is made an event by `EventLog.append`; readers of files make their own. An event
in a log is never changed: an acknowledgement replaces it by a new one (`EventLog.acknowledge`).
"""

from typing import Annotated, Final, Literal, get_args

import msgspec

Kind = Literal["received", "sent", "log", "connected", "disconnected", "refused", "fault"]
"""What happened:

* `received`, `sent`: a message from or to an agent.
* `log`: a line of an agent's log (`Plugin_Remote_AllLog=true`).
* `connected`, `disconnected`: an agent came or went.
* `refused`: a connection was turned away, or a line was not sent, with the reason in `text`.
* `fault`: something went wrong; `text` describes it.
"""

Via = Literal["", "server"]
"""Whether the event concerns the upstream, the user's own server (see `Event.via`)."""

_SENDERS: Final = (
    r"^(|macro|tap|send|speech|program(-\w{1,40})?|dialogue|watch|fleet|remdis"
    r"|(attach|web)(-[0-9]{1,3})?)$"
)

By = Annotated[str, msgspec.Meta(pattern=_SENDERS)]
"""Who sent a message, if not the person at the hub's own dashboard, or what a fault is about (see
`Event.by`)."""

LAST_TIME: Final = 253_402_128_000.0
"""A day before the year 10000: the last Unix time that `datetime` knows on every system."""

UnixTime = Annotated[float, msgspec.Meta(ge=0, le=LAST_TIME)]
"""Unix time, seconds. JSON with one that no calendar has is refused, since what is computed from it
(lengths, rates) has no sense and may overflow."""

Seconds = Annotated[float, msgspec.Meta(ge=-LAST_TIME, le=LAST_TIME)]
"""A time between two events."""

KINDS: tuple[str, ...] = get_args(Kind)


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing that happened. Fields that do not apply keep their defaults, and are left out
    of its JSON.

    Without cyclic garbage collection (`gc=False`), since it holds nothing but plain values: with
    a million events in memory a full collection would otherwise stop the program for a second.
    """

    seq: int
    """Counts the events of a session, from 1, without a gap."""
    time: UnixTime
    """When it happened at the hub: Unix time, seconds."""
    kind: Kind
    agent: str = ""
    """The agent's name (`chat`, `chat#2`); empty if the event concerns no agent."""
    type: str = ""
    """The message's type; for a log line only if the line contains a message."""
    args: str = ""
    """The message's arguments, all after the first bar: `0|voice|text`."""
    text: str = ""
    """Text that is no message: of a log line, an address, the reason of a refusal or a fault."""
    module: str = ""
    """For `log`: the part of the agent that wrote the line (`VIManager`)."""
    level: str = ""
    """For `log`: `Error`, `Warning`, `Status`, `Debug`, `Sent` or `Captured`. For speech, macros
    and rows of Remdis (see `by`): `start` or `end`, where `args` names which of them; of a row also
    `revoked`."""
    agent_time: str = ""
    """For `log`: the agent's own clock, `2026/11/22 19:48:26.306`."""
    ticks: int = 0
    """For `log`: the agent's tick count."""
    size: int = 0
    """Bytes on the wire, with the line's end."""
    cut: bool = False
    """The line came without its newline: the agent cuts lines at 2,047 bytes (PROTOCOL.md)."""
    echo: int | None = None
    """For `received` and `log`: the `seq` of the sent event that this line acknowledges."""
    round_trip: Seconds | None = None
    """For `sent`, once acknowledged, and for its echo: the time between, in seconds."""
    lost: bool = False
    """For `sent`: no echo came within 5 s."""
    via: Via = ""
    """`server` if the event concerns the upstream (`--relay`): a `received` message was relayed to
    it, a `sent` one came from it; it, not the agent, was `connected` or `disconnected`."""
    by: By = ""
    """For `sent`: `macro`, or `tap` for another program that shares the agent; `attach` or `web`
    for a person at a dashboard in another process, where several are attached with a number
    (`attach-2`); `send` for the command of that name;
    `speech` for sound and what belongs to it, `program-NAME` for a script of the user, also for
    what it wrote to its standard error and for what became of it (`program` for one that uses
    mdxdash as a library), `fleet` for a command that came over a broker (an
    event without a type says who sent it); empty if the person at the hub's own dashboard or the
    upstream (`via`) sent it. An echo has that of the message that it acknowledges. For `connected`
    and `disconnected`: `tap` for a connection at the tap. For `fault`: `macro` if a macro failed,
    `dialogue` if an answer came too late, `watch` for the alarm of a watch.
    `remdis` for a row of Remdis (`mdxdash remdis --into`): of the kind `log`, or `fault`."""
    undecoded: str = ""
    """For `received` and `log`: the bytes of the line in hexadecimal (`e3 81 ff`), where they are
    no UTF-8, so that the text does not tell what came."""


def is_of_agent(event: Event) -> bool:
    """Returns whether a `connected` or `disconnected` is that of an agent: not of the user's own
    server, and not of a program or dashboard at the tap."""
    # Recordings of before `by` was given for the tap know it by the text alone.
    at_tap = event.by == "tap" or (not event.agent and event.text.startswith(TAP_TEXT))
    return not event.via and not at_tap


TAP_TEXT: Final = "tap from "
"""How the text of a connection at the tap begins."""


def is_line(event: Event) -> bool:
    """Returns whether an event is a line that went between hub and agent.

    Others are of the same kinds: the notes that mdxdash makes of speech and macros, of who sent a
    command over a broker, and of the sound of the upstream are `sent` without a type; the lines of
    a user's program and the rows of Remdis are `log`, but no lines of the agent's log.
    """
    kind = event.kind
    if kind == "sent":
        return bool(event.type) or not event.text
    return kind == "received" or (kind == "log" and (not event.by or event.echo is not None))


def is_same(mine: Event, theirs: Event) -> bool:
    """Returns whether both are one event; only its acknowledgement may differ."""
    return (mine.time, mine.kind, mine.agent, mine.type, mine.args) == (
        theirs.time,
        theirs.kind,
        theirs.agent,
        theirs.type,
        theirs.args,
    )
