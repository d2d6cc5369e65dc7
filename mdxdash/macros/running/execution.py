"""One run of a macro on one agent, as a machine that is told the time and what was heard.

No clocks and no tasks: whoever owns it calls `begin`, then `hear` with each event of the agent and
`tick` when `deadline` has come. A wait begins in the same call that ends the step before it, so
that no answer can come between a command and the wait for it.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context
from mdxdash.hub.interface import RETURN_WITHIN
from mdxdash.macros.model import (
    CONTINUE,
    SOURCE,
    STOP,
    ExpectStep,
    Macro,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    SleepStep,
    Step,
    WaitStep,
    describe,
)
from mdxdash.macros.running.event_matching import Matches, asks_about_connections, matching
from mdxdash.macros.running.run_log import RunLog, RunRecord, RunState, StepRecord
from mdxdash.macros.template import Unfillable, fill, fill_filter, fill_message
from mdxdash.settings.quantities import format_duration
from mdxdash.wire.message import Message

_BREATH = 200
"""Rounds without a wait after which others have their turn: a loop of sends must not hold up the
screen and the hub."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run can reach."""

    send: Callable[[Message, str], str]
    """Hands a message to the agent of that name; the reason if it was not taken, else empty."""
    find: Callable[[str], Macro | None]
    """The macro of a name."""
    recent: Callable[[str], tuple[Event, ...]]
    """The last events of an agent."""
    runs: RunLog
    context: Context
    """For filters."""
    groups: Mapping[str, Sequence[str]]
    """For targets."""


@dataclass(frozen=True, slots=True)
class _Until:
    """What a run waits for: a time, and before it perhaps an event."""

    deadline: float
    wanted: Matches | None = None
    forbidden: Matches | None = None
    of_comings: bool = False
    """It is the agent's coming and going that is waited for."""


@dataclass(slots=True)
class _Scope:
    """The names that a macro's steps can use."""

    agent: str
    values: dict[str, str]
    event: Event | None = None
    """The one that was last matched."""

    def value(self, name: str) -> str:
        """Raises Unfillable if it has none."""
        if name in self.values:
            return self.values[name]
        if name == "agent":
            return self.agent
        if self.event is None:
            raise Unfillable(f"{{{name}}} has no value: no event was matched before")
        if name == "type":
            return self.event.type
        if name == "args":
            return self.event.args or self.event.text
        return _argument(self.event, name)


class _Failed(Exception):
    """A step did not come to its good end."""


class _Instead(Exception):
    """The rest of a macro gives way to another macro."""

    def __init__(self, macro: str) -> None:
        super().__init__(macro)
        self.macro = macro


_Doing = Generator[_Until, Event | None, None]


class MacroRun:
    """A run; `record` says how it does. Times are seconds on a clock that only goes forward."""

    def __init__(
        self, macro: Macro, record: RunRecord, world: RunContext, params: Mapping[str, str]
    ) -> None:
        self.macro = macro
        self.record = record
        self.sent: deque[Message] = deque(maxlen=10)
        """What it has sent, the newest last."""
        self._world = world
        scope = _Scope(record.agent, dict(macro.params) | dict(params), record.trigger)
        self._doing: _Doing = self._macro(macro, scope, "")
        self._until: _Until | None = None
        self._now = record.began
        self._rounds = 0
        self._gone_at: float | None = None
        """When the agent went, while it has not come back."""
        if record.trigger is not None:
            self._follow(record.trigger, record.began)

    @property
    def deadline(self) -> float | None:
        """When to call `tick`, if nothing is heard before; None once the run is over."""
        until, gone_at = self._until, self._gone_at
        if until is None:
            return None
        if gone_at is None or until.wanted is None or until.of_comings:
            return until.deadline
        return min(until.deadline, gone_at + RETURN_WITHIN)

    @property
    def over(self) -> bool:
        return self.record.state != "running"

    def begin(self) -> None:
        """Does the first steps, up to the first that takes time."""
        self._resume(None, self._now)

    def hear(self, event: Event, now: float) -> None:
        """Takes an event of the agent that came at `now`."""
        # What comes at or after its deadline is too late, however late the clock is looked at.
        self.tick(now)
        self._follow(event, now)
        until = self._until
        if until is None or until.wanted is None:
            return
        if (until.forbidden is not None and until.forbidden(event)) or until.wanted(event):
            self._resume(event, now)

    def tick(self, now: float) -> None:
        """Goes on if the deadline has come."""
        if (deadline := self.deadline) is not None and deadline <= now:
            self._resume(None, now)

    def stop(self, now: float) -> None:
        """Ends it as it stands."""
        if not self.over:
            self._now = now
            self._doing.close()
            self._end("stopped")

    def _follow(self, event: Event, now: float) -> None:
        """Notes that the agent went or came back; its own server's connection is not meant."""
        if event.kind == "disconnected" and not event.via:
            self._gone_at = now
        elif event.kind == "connected" and not event.via:
            self._gone_at = None

    def _resume(self, event: Event | None, now: float) -> None:
        self._now = now
        self._until = None
        try:
            self._until = self._doing.send(event)
        except StopIteration:
            self._end("passed")
        except _Failed as failed:
            self.record.failure = str(failed)
            self.record.recent = self._world.recent(self.record.agent)
            self._end("failed")

    def _end(self, state: RunState) -> None:
        record = self.record
        self._until = None
        record.took = self._now - record.began
        for step in record.steps:
            if step.ended is None:
                step.ended = record.took
        record.state = state
        self._world.runs.tell(record, None)

    # What it does, step by step

    def _macro(self, macro: Macro, scope: _Scope, number: str) -> _Doing:
        try:
            yield from self._steps(macro.body, scope, number)
        except _Instead as other:
            yield from self._other(RunStep(other.macro), scope, f"{number}{other.macro}: ")

    def _steps(self, steps: Iterable[Step], scope: _Scope, number: str) -> _Doing:
        for index, step in enumerate(steps, 1):
            record = StepRecord(
                number=f"{number}{index}",
                text=describe(step),
                started=self._now - self.record.began,
                holds_steps=isinstance(step, RepeatStep | RunStep),
            )
            self.record.steps.append(record)
            self._world.runs.tell(self.record, record)
            try:
                yield from self._step(step, scope, record)
            except Unfillable as error:
                record.note = str(error)
                raise _Failed(f"step {record.number}: {record.text}: {error}") from error
            except _Failed as failed:
                # The innermost step has said it all.
                record.note = record.note or str(failed)
                raise
            finally:
                record.ended = self._now - self.record.began
                self._world.runs.tell(self.record, record)

    def _step(self, step: Step, scope: _Scope, record: StepRecord) -> _Doing:
        match step:
            case SendStep():
                self._send(fill_message(step.message, scope.value), record)
            case WaitStep() | ExpectStep():
                yield from self._await(step, scope, record)
            case SleepStep():
                yield _Until(self._now + step.seconds)
            case SetStep():
                scope.values[step.name] = scope.value(step.source)
            case RepeatStep():
                for round_ in range(1, step.times + 1):
                    yield from self._breathe()
                    yield from self._steps(step.steps, scope, f"{record.number}({round_}).")
            case RunStep():
                yield from self._other(step, scope, f"{record.number}.")

    def _send(self, message: Message, record: StepRecord) -> None:
        record.text = describe(SendStep(message))
        if refusal := self._world.send(message, self.record.agent):
            raise self._failure(record, f"not sent: {refusal}")
        self.sent.append(message)

    def _await(self, step: WaitStep | ExpectStep, scope: _Scope, record: StepRecord) -> _Doing:
        wanted = fill_filter(step.filter, scope.value)
        context = self._world.context
        forbids: Matches | None = None
        filled: WaitStep | ExpectStep = msgspec.structs.replace(step, filter=str(wanted))
        if isinstance(filled, ExpectStep) and filled.forbidden is not None:
            forbidden = fill_filter(filled.forbidden, scope.value)
            forbids = matching(forbidden, context)
            filled = msgspec.structs.replace(filled, forbidden=str(forbidden))
        record.text = describe(filled)
        self._rounds = 0
        until = _Until(
            self._now + step.timeout,
            matching(wanted, context),
            forbids,
            asks_about_connections(wanted),
        )
        event = yield until
        record.event = event
        if event is not None:
            if forbids is not None and forbids(event):
                raise self._failure(record, "what came is forbidden")
            scope.event = event
            return
        gone = f"the agent {scope.agent} went and did not come back"
        if self._now < until.deadline:
            raise self._failure(record, f"{gone} within {format_duration(RETURN_WITHIN)}")
        timeout = f"nothing that passes came within {format_duration(step.timeout)}"
        if self._gone_at is not None and not until.of_comings:
            timeout += f": {gone}"
        if isinstance(step, ExpectStep) or step.otherwise == STOP:
            raise self._failure(record, timeout)
        record.note = timeout
        if step.otherwise != CONTINUE:
            record.note += f": runs {step.otherwise} instead"
            raise _Instead(step.otherwise)

    def _other(self, run: RunStep, scope: _Scope, number: str) -> _Doing:
        macro = self._world.find(run.macro)
        if macro is None:
            raise _Failed(f'the macro "{run.macro}" is not there any more')
        given = {name: fill(value, scope.value) for name, value in run.params}
        own = _Scope(scope.agent, dict(macro.params) | given)
        yield from self._macro(macro, own, number)

    def _breathe(self) -> _Doing:
        self._rounds += 1
        if self._rounds > _BREATH:
            self._rounds = 0
            yield _Until(self._now)

    def _failure(self, record: StepRecord, reason: str) -> _Failed:
        record.note = reason
        return _Failed(f"step {record.number}: {record.text}: {reason}")


def _argument(event: Event, name: str) -> str:
    found = SOURCE.fullmatch(name)
    if found is None or found[1] is None:
        raise Unfillable(f"{{{name}}} is no known name")
    arguments = Message(event.type, event.args).arguments
    index = int(found[1])
    if index >= len(arguments):
        count = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        raise Unfillable(f"{{{name}}} has no value: {event.type} came with {count}, counted from 0")
    return arguments[index]
