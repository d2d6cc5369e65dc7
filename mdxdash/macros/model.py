"""What a macro is, and each kind of step. `files.toml_form` describes how they are written.

A macro that exists is valid: errors are found when it is read, and its filters were parsed then.
Whether a message may be sent to an agent is decided when it is sent (`hub`).
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from mdxdash.filters.filter import Filter, parse
from mdxdash.language.translation import N_
from mdxdash.macros.condition import Condition
from mdxdash.settings.quantities import format_duration
from mdxdash.wire.message import Message, format_message

SHORTEST_PERIOD: Final = 0.02
"""Seconds. An agent takes one frame every 20 ms and no more (PROTOCOL.md; see `wire.framing`)."""

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds that a wait takes at most if its step gives no timeout."""

STOP: Final = "stop"
CONTINUE: Final = "continue"

EVENT_VALUE: Final = re.compile(r"type|args|agent|args\[(\d{1,4})\]")
"""The names of an event's values: its type, its arguments as one text, its agent, one argument."""

Overlap = Literal["skip", "queue", "restart", "allow"]
"""What happens when a macro is triggered while it still runs on that agent. `skip`: nothing.
`queue`: it runs again afterwards. `restart`: the run is stopped and a new one begins. `allow`: both
run."""

SKIP: Final[Overlap] = "skip"


class SendStep(msgspec.Struct, frozen=True):
    """Send a message to the agent that the macro runs on."""

    message: Message
    """Its texts may hold `{names}`."""


class WaitStep(msgspec.Struct, frozen=True):
    """Wait for an event of the agent that passes a filter."""

    filter: Filter
    """Its values may hold `{names}`."""
    timeout: float = DEFAULT_TIMEOUT
    """Seconds."""
    otherwise: str = STOP
    """What follows a timeout: `stop` (the macro fails), `continue`, or the name of a macro that
    runs instead of the remaining steps."""


class ExpectStep(msgspec.Struct, frozen=True):
    """Wait for an event that passes a filter; fail at once on an event that is forbidden."""

    filter: Filter
    """Its values may hold `{names}`."""
    forbidden: Filter | None = None
    """The forbidden events. An event that passes both filters is forbidden."""
    timeout: float = DEFAULT_TIMEOUT
    """Seconds."""
    within: float | None = None
    """Seconds that it may take, from the beginning of the step: if it takes longer, the step fails
    when the event comes, with the time that it took. None: as long as the timeout."""


class SleepStep(msgspec.Struct, frozen=True):
    """Wait for a time."""

    seconds: float


class RepeatStep(msgspec.Struct, frozen=True):
    """Do some steps several times."""

    times: int
    steps: tuple["Step", ...]


class RunStep(msgspec.Struct, frozen=True):
    """Do the steps of another macro, with its own parameters and names."""

    macro: str
    params: tuple[tuple[str, str], ...] = ()
    """Values instead of the other macro's defaults; they may hold `{names}` of this macro."""


class SetStep(msgspec.Struct, frozen=True):
    """Keep a value of the event that was matched last under a name, for later steps."""

    name: str
    source: str
    """The value, as EVENT_VALUE matches it; arguments count from 0, as in the catalog."""


class SpeakStep(msgspec.Struct, frozen=True):
    """Let the agent speak a sound file, or a text, and wait until it has."""

    play: str = ""
    """The file; it may hold `{names}`."""
    say: str = ""
    """The text instead of a file; it may hold `{names}`."""
    voice: str = ""
    """The `[voice.NAME]` that says the text; empty for the first one."""
    model: str = ""
    """The alias of the model; empty for the first one."""
    interrupt_on: Filter | None = None
    """An event that passes this filter stops it; the steps behind it are done all the same."""


class StopSpeechStep(msgspec.Struct, frozen=True):
    """Stop what the agent speaks, and what waits to be spoken."""

    model: str = ""
    """The alias of a model; empty for all."""


Step = (
    SendStep
    | WaitStep
    | ExpectStep
    | SleepStep
    | RepeatStep
    | RunStep
    | SetStep
    | SpeakStep
    | StopSpeechStep
)


class Macro(msgspec.Struct, frozen=True):
    """A saved, named way of sending. Macros are equal if they do the same, however they are
    written."""

    name: str
    """Unique in its file; not empty."""
    send: tuple[Message, ...] = ()
    """What it sends, in this order, if it has no `steps`. Texts may hold `{names}`."""
    key: str | None = None
    """The key that fires it: `"1"` to `"9"`."""
    every: float | None = None
    """Seconds from one firing to the next, at least SHORTEST_PERIOD; None: it fires once."""
    target: str | None = None
    """The agents that it is for, as `hub.targets` reads it: an agent's name, a glob over names
    (`chat*`) or a group; None: every agent."""
    steps: tuple[Step, ...] = ()
    """What it does, in this order, if it does more than send."""
    params: tuple[tuple[str, str], ...] = ()
    """Its parameters: names that are filled in, each with its default."""
    on: Filter | None = None
    """Each event of an agent that passes this filter triggers the macro; its values may hold the
    `{names}` of `params`. A Python program may give the filter's text, which is parsed here."""
    cooldown: float | None = None
    """Seconds after an event triggered it on an agent in which no other event does."""
    overlap: Overlap = SKIP
    """What happens when it is triggered while it still runs on that agent."""
    above: int | None = None
    """With `on`: it is triggered by more than so many events in a minute, and not by each."""
    absent: Filter | None = None
    """With `on`: it is triggered if no event of the agent passes this filter `within` the time
    after one that passes `on`. A Python program may give the filter's text."""
    within: float = 0.0
    """Seconds."""

    def without(self, params: Iterable[str]) -> str:
        """Returns which of these names are no parameters of it, as a sentence; empty if all are."""
        unknown = sorted(set(params) - dict(self.params).keys())
        if not unknown:
            return ""
        return N_('the macro "{macro}" has no parameter {names}').format(
            macro=self.name, names=", ".join(unknown)
        )

    def __post_init__(self) -> None:
        for name in ("on", "absent"):
            if isinstance(text := getattr(self, name), str):
                msgspec.structs.force_setattr(self, name, parse(text))

    @property
    def body(self) -> tuple[Step, ...]:
        """All that it does, as steps."""
        return tuple(map(SendStep, self.send)) + self.steps

    @property
    def condition(self) -> Condition | None:
        """What triggers it; None if nothing does."""
        if self.on is None:
            return None
        return Condition(self.on, self.target, self.above, self.absent, self.within)

    @property
    def is_switched(self) -> bool:
        """Whether it is switched on and off (it has `every` or `on`), and not fired once."""
        return self.every is not None or self.on is not None


DEFAULT_MACROS: Final = (Macro("Test message", (Message("TEST_MESSAGE"),), key="1", every=2.0),)
"""The macros if the file has no `macro` key."""


def describe(step: Step) -> str:
    """Returns a step as one short line: `wait type:A (10s)`."""
    match step:
        case SendStep():
            return N_("send {message}").format(message=format_message(step.message))
        case WaitStep():
            return N_("wait {text} ({timeout})").format(
                text=step.filter.text, timeout=format_duration(step.timeout)
            )
        case ExpectStep():
            forbidden = (
                N_(", not {text}").format(text=step.forbidden.text)
                if step.forbidden is not None
                else ""
            )
            time = format_duration(step.timeout)
            if step.within is not None:
                time = N_("within {within}").format(within=format_duration(step.within))
            return N_("expect {text}{forbidden} ({time})").format(
                text=step.filter.text, forbidden=forbidden, time=time
            )
        case SleepStep():
            return N_("sleep {seconds}").format(seconds=format_duration(step.seconds))
        case RepeatStep():
            return N_("repeat {times}").format(times=step.times)
        case RunStep():
            return N_("run {macro}").format(macro=step.macro)
        case SetStep():
            return N_("set {name} from {source}").format(name=step.name, source=step.source)
        case SpeakStep():
            return (
                N_("say {say}").format(say=step.say)
                if step.say
                else N_("play {play}").format(play=step.play)
            )
        case StopSpeechStep():
            return N_("stop speech") + (
                N_(" of model {model}").format(model=step.model) if step.model else ""
            )
