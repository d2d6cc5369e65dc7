"""What a macro is. `model` says how it is written.

A macro that exists is right in itself: whatever is wrong is found when it is read. Whether its
lines may be sent to an agent is not its business: the wire refuses what is unsafe.
"""

import re
from typing import Final, Literal

import msgspec

from mdxdash.settings.quantities import format_duration
from mdxdash.wire.message import Message, format_message

SHORTEST_PERIOD = 0.02
"""Seconds. An agent takes a frame each 20 ms and no more; see `wire.framing`."""

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds that a wait takes at most unless it says otherwise."""

STOP: Final = "stop"
CONTINUE: Final = "continue"

SOURCE: Final = re.compile(r"type|args|agent|args\[(\d{1,4})\]")
"""What can be taken of an event: its type, its arguments as one text, its agent, an argument."""


class SendStep(msgspec.Struct, frozen=True):
    """Send a message to the macro's agent."""

    message: Message
    """Its texts may hold `{names}`."""


class WaitStep(msgspec.Struct, frozen=True):
    """Go on when the agent says something that passes a filter."""

    filter: str
    timeout: float = DEFAULT_TIMEOUT
    """Seconds."""
    otherwise: str = STOP
    """On time-out: `stop` (the macro fails), `continue`, or the name of a macro to run in place of
    the rest of this one."""


class ExpectStep(msgspec.Struct, frozen=True):
    """A wait that fails at once when the agent says something that is forbidden."""

    filter: str
    forbidden: str | None = None
    """A filter. An event that passes both fails it."""
    timeout: float = DEFAULT_TIMEOUT


class SleepStep(msgspec.Struct, frozen=True):
    """Let time go by."""

    seconds: float


class RepeatStep(msgspec.Struct, frozen=True):
    """Do some steps several times."""

    times: int
    steps: tuple["Step", ...]


class RunStep(msgspec.Struct, frozen=True):
    """Do another macro's steps, with its own parameters and names."""

    macro: str
    params: tuple[tuple[str, str], ...] = ()
    """Values in place of the other macro's defaults; they may hold `{names}` of this one."""


class SetStep(msgspec.Struct, frozen=True):
    """Keep a part of the event that was last matched, as a name for later steps."""

    name: str
    source: str
    """What `SOURCE` matches; arguments count from 0, as the catalog counts them."""


Step = SendStep | WaitStep | ExpectStep | SleepStep | RepeatStep | RunStep | SetStep


Overlap = Literal["skip", "queue", "restart", "allow"]
"""`skip`: it is let go by. `queue`: it runs when the other is over. `restart`: the other is
stopped. `allow`: both run."""

SKIP: Overlap = "skip"


class Macro(msgspec.Struct, frozen=True):
    """A saved, named way of sending."""

    name: str
    """Told apart by it; not empty."""
    send: tuple[Message, ...] = ()
    """What it sends, in this order, if it has no steps. Texts may hold `{names}`."""
    key: str | None = None
    """The key that fires it: `"1"` to `"9"`."""
    every: float | None = None
    """Seconds from one firing to the next, at least SHORTEST_PERIOD; None: it fires once."""
    target: str | None = None
    """Whom it is for, as `hub.targets` has it: an agent's name, a glob over names (`chat*`) or a
    group; None: every agent."""
    steps: tuple[Step, ...] = ()
    """What it does, in this order, if it does more than send."""
    params: tuple[tuple[str, str], ...] = ()
    """Names that are filled in, with the values they have unless others are given."""
    on: str | None = None
    """A filter: the macro answers what an agent says that passes it."""
    cooldown: float | None = None
    """Seconds after an answer to an agent in which there is no other."""
    overlap: Overlap = SKIP
    """What becomes of a firing while the macro still runs on that agent."""

    @property
    def body(self) -> tuple[Step, ...]:
        """All that it does, as steps."""
        return tuple(map(SendStep, self.send)) + self.steps


DEFAULT_MACROS = (Macro("Test message", (Message("TEST_MESSAGE"),), key="1", every=2.0),)
"""In force where the file says nothing of macros."""


def describe(step: Step) -> str:
    """A step as one short line: `wait type:A (10s)`."""
    match step:
        case SendStep():
            return f"send {format_message(step.message)}"
        case WaitStep():
            return f"wait {step.filter} ({format_duration(step.timeout)})"
        case ExpectStep():
            forbidden = f", not {step.forbidden}" if step.forbidden is not None else ""
            return f"expect {step.filter}{forbidden} ({format_duration(step.timeout)})"
        case SleepStep():
            return f"sleep {format_duration(step.seconds)}"
        case RepeatStep():
            return f"repeat {step.times}"
        case RunStep():
            return f"run {step.macro}"
        case SetStep():
            return f"set {step.name} from {step.source}"
