"""What hubs and dashboards say to each other over the broker, as JSON.

Every message of a hub begins with a line that is a `Batch`, `Changes`, `MacroRuns` or
`Presence`. Behind the first line of a `Batch` stand its events, each a line as in a recording;
behind that of `Changes` lines of `protocol.Changed`, and of `MacroRuns` lines of `protocol.Run`.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from mdxdash.hub.interface import Delivery
from mdxdash.language.translation import N_
from mdxdash.remote.protocol import AgentState, Changed, Run

LIFETIME: Final = 7.0
"""Seconds after which a hub that has said nothing is gone."""

PRESENCE_INTERVAL: Final = 2.0
"""Seconds between two times that a hub says it is there."""

EXPIRES_AFTER: Final = 10.0
"""Seconds after which a command is not carried out any more."""


ROUND_EVENTS: Final = 2_000
"""Events of a round, at most."""


class Batch(msgspec.Struct, frozen=True, omit_defaults=True, tag="batch", tag_field="is"):
    """Events of one agent. Several batches are one round: all events of a hub from one number to
    another, less those that were dropped."""

    hub: str
    session: str
    """The session of the hub: its numbers begin anew in another one."""
    agent: str
    count: int
    """Events in it."""
    first: int
    """The number of the first event of the round."""
    last: int
    """The number of the last event of the round."""
    part: int = 1
    parts: int = 1
    """Batches of the round."""


class Changes(msgspec.Struct, frozen=True, tag="changes", tag_field="is"):
    """Events that were published were acknowledged, or are lost."""

    hub: str
    session: str


class MacroRuns(msgspec.Struct, frozen=True, tag="runs", tag_field="is"):
    """Runs of macros have begun, got on or ended; or they are told again, for those who come
    late."""

    hub: str
    session: str


class MacroState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a macro of a hub does, and what became of it in the session."""

    fired: int = 0
    failed: int = 0
    """Runs of which a step failed."""
    running: bool = False
    """It is switched on, or has a run that is not over."""
    refused: str = ""
    """Why its last firing failed at once."""


class Presence(msgspec.Struct, frozen=True, omit_defaults=True, tag="presence", tag_field="is"):
    """A hub says that it is there; valid for `lifetime`."""

    hub: str
    session: str
    at: float
    """The hub's clock: Unix time, seconds."""
    published: int
    """The number of the last event of the rounds before this message."""
    since: int = 1
    """The number of the first event that was published or dropped in this session."""
    lifetime: float = LIFETIME
    state: str = "here"
    """`here`; `left` as it ends; `lost` when its process is gone without a word."""
    dropped: int = 0
    """Events that were never published, since the broker was away for too long."""
    url: str = ""
    """What its agents dial, without a secret."""
    mdxdash: str = ""
    """The version of the program."""
    unsafe: bool = False
    groups: dict[str, tuple[str, ...]] = {}
    agents: tuple[AgentState, ...] = ()
    macros: tuple[str, ...] = ()
    """The names of its macros."""
    macro_states: dict[str, MacroState] = {}
    """Of those that have done something, by name."""


FromHub = Batch | Changes | MacroRuns | Presence


class Command(msgspec.Struct, frozen=True, omit_defaults=True):
    """A command to one hub. Who sends it is the `user_id` of the message, which the broker
    checks."""

    id: str
    """Its identity: with the same one, a hub carries it out once."""
    reply_to: str
    """The routing key of the answers."""
    expires_at: float
    """By the hub's clock: Unix time, seconds."""
    agents: tuple[str, ...]
    """The names of the hub's agents that it is for."""
    line: str = ""
    """The message to send: `TYPE|args`."""
    sure: bool = False
    """Send it also when it may harm an agent."""
    macro: str = ""
    """The macro to fire, instead of a message; it runs on its own target."""
    stop_macro: str = ""
    """The macro to stop, and to switch off, instead of a message."""
    stop_run: int = 0
    """Of `stop_macro`: stop only the run of this number; 0: all of them."""
    stop_speech: bool = False
    """Stop what the agents speak, instead of a message."""
    person: str = ""
    """What the sender calls itself: a name and a machine. Not checked by anybody."""


class Sent(msgspec.Struct, frozen=True, omit_defaults=True, tag="sent", tag_field="is"):
    """A command was carried out, or why not."""

    hub: str
    id: str
    delivery: Delivery = Delivery()
    error: str = ""
    """Why nothing was done."""
    outcome: str = ""
    """Of a macro: what became of firing it."""


class Acknowledged(
    msgspec.Struct, frozen=True, omit_defaults=True, tag="acknowledged", tag_field="is"
):
    """The message of a command came back from an agent, or did not in time."""

    hub: str
    id: str
    agent: str
    round_trip: float | None = None
    """Seconds; None: no echo came."""


FromDesk = Sent | Acknowledged

_encode: Final = msgspec.json.Encoder().encode
_encode_lines: Final = msgspec.json.Encoder().encode_lines
_from_hub: Final[msgspec.json.Decoder[FromHub]] = msgspec.json.Decoder(FromHub)
_answer: Final[msgspec.json.Decoder[FromDesk]] = msgspec.json.Decoder(FromDesk)
_command: Final[msgspec.json.Decoder[Command]] = msgspec.json.Decoder(Command)
_runs: Final[msgspec.json.Decoder[Run]] = msgspec.json.Decoder(Run)
_changes: Final[msgspec.json.Decoder[Changed]] = msgspec.json.Decoder(Changed)


def body(head: FromHub, lines: bytes = b"") -> bytes:
    """Returns the body of a hub's message; `lines` each end with a newline."""
    return _encode(head) + b"\n" + lines


UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading a message raises."""


def split_body(data: bytes, longest: int) -> tuple[FromHub, bytes]:
    """Returns the head and the lines of a hub's message; a head has `longest` bytes at most. Raises
    `UNREADABLE`."""
    end = data.find(b"\n", 0, longest + 1)
    if end < 0:
        if len(data) > longest:
            raise msgspec.DecodeError(N_("it is too long"))
        end = len(data)
    head, lines = data[:end], data[end + 1 :]
    return _from_hub.decode(head), lines


def read_changes(lines: bytes) -> list[Changed]:
    """Returns what is behind the head of `Changes`. Raises `UNREADABLE`."""
    return _changes.decode_lines(lines)


def read_runs(lines: bytes) -> list[Run]:
    """Returns what is behind the head of `MacroRuns`. Raises `UNREADABLE`."""
    return _runs.decode_lines(lines)


def lines_of(states: Sequence[Changed] | Sequence[Run]) -> bytes:
    """Returns what stands behind the head of `Changes` or `MacroRuns`."""
    return _encode_lines(states)


def read_command(data: bytes) -> Command:
    """Returns a command. Raises `UNREADABLE`."""
    return _command.decode(data)


def read_answer(data: bytes) -> FromDesk:
    """Returns the answer to a command. Raises `UNREADABLE`."""
    return _answer.decode(data)


def encoded(message: Command | FromDesk) -> bytes:
    """Returns a command or an answer as the body of a message."""
    return _encode(message)
