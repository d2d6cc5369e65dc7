"""One run of a macro on one agent, step by step, without a clock and without a task.

Its owner calls `begin`, then `receive` with each event of the agent, and `tick` when `deadline` has
come. A wait begins in the same call that ends the step before it, so no reply can come between a
command and the wait for it.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from mdxdash.events.event import By, Event, is_of_agent
from mdxdash.filters.filter import Context, Filter
from mdxdash.language.translation import N_
from mdxdash.macros.model import (
    CONTINUE,
    STOP,
    ExpectStep,
    Macro,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    SleepStep,
    SpeakStep,
    Step,
    StopSpeechStep,
    WaitStep,
    describe,
)
from mdxdash.macros.running.event_matching import Matches, event_matcher
from mdxdash.macros.running.position import MacroLevel, Position, StepsLevel
from mdxdash.macros.running.run_log import RunLog, RunRecord, RunState, StepRecord
from mdxdash.macros.running.snapshot import RunSnapshot
from mdxdash.macros.running.variables import Variables
from mdxdash.macros.running.waits import MatchedEvent, Wait, wait_for
from mdxdash.macros.template import UnfillableError, fill, fill_filter, fill_message
from mdxdash.settings.quantities import format_duration
from mdxdash.speech.control import CannotSpeak, SpeechControl, is_end_of
from mdxdash.wire.message import Message

_ROUNDS_A_TURN = 200
"""Rounds of a `repeat` without a wait that a run does in one call, so that a loop of sends does not
hold up the event loop."""

_SPEECH_MAX = 24 * 3600.0
"""Seconds that an utterance may take, with those before it."""

_SPEECH_KEY = "(speech)"
"""Names the utterance that a run waits for among its variables; no macro can use this name."""

SENT_KEPT = 10
"""Messages that a run remembers; see `triggers`."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run can reach."""

    send: Callable[[Message, str], str]
    """Sends a message to the agent of that name. Returns why it was not sent, or nothing."""
    find: Callable[[str], Macro | None]
    """Returns the macro of a name."""
    recent: Callable[[str], tuple[Event, ...]]
    """Returns the last events of an agent, oldest first."""
    runs: RunLog
    filters: Context
    """For filters; its `now` is the only source of Unix time."""
    groups: Mapping[str, Sequence[str]]
    """For targets."""
    speech: SpeechControl | None = None
    """Lets agents speak; None where that is not possible."""


class _StepFailed(Exception):
    """A step failed, and the run with it."""


class _RunInstead(Exception):
    """Another macro runs instead of the remaining steps of this one."""

    def __init__(self, macro: str) -> None:
        super().__init__(macro)
        self.macro = macro


_Steps = Generator[Wait, MatchedEvent | None, None]
"""Does steps; yields each wait, and is sent the event that ended it, or None when its time is
over."""


class MacroRun:
    """A run of a macro. `record` holds what it did. All times are seconds on a clock that only goes
    forward."""

    def __init__(
        self,
        macro: Macro,
        record: RunRecord,
        context: RunContext,
        params: Mapping[str, str],
        left: RunSnapshot | None = None,
        waits_as: By = "macro",
    ) -> None:
        """`params` are values instead of the defaults of the macro's parameters. `left` is the run
        in another process, from which `begin` goes on. Echoes of what `waits_as` sent satisfy no
        wait (see `event_matching`)."""
        self.macro = macro
        self.record = record
        self.sent: deque[Message] = deque(maxlen=SENT_KEPT)
        """The messages that it sent last, oldest first."""
        self._context = context
        self._waits_as = waits_as
        self._position = Position(() if left is None else left.levels)
        self._left_deadline: float | None = None
        variables = Variables(record.agent, dict(macro.params) | dict(params), record.trigger)
        self._steps: _Steps = self._do_macro(macro, variables, "")
        self._wait: Wait | None = None
        self._now = record.began
        self._rounds = 0
        self._gone_at: float | None = None
        """When the agent disconnected, while it is not back."""
        if left is not None:
            self._left_deadline, self._gone_at = left.deadline, left.gone_at
            self._rounds = left.rounds
            self.sent.extend(left.sent)
        elif record.trigger is not None:
            self._note_connection(record.trigger, record.began)

    @property
    def deadline(self) -> float | None:
        """When to call `tick` if no event ends the wait before; None when the run is over."""
        return None if self._wait is None else self._wait.ends_at(self._gone_at)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.record.state != "running"

    def begin(self) -> None:
        """Does the first steps, up to the first that takes time."""
        self._resume(None, self._now)

    def receive(self, event: Event, now: float) -> None:
        """Takes an event of the agent that came at `now`."""
        # An event that comes at the deadline or later is too late, even if no `tick` came between.
        self.tick(now)
        self._note_connection(event, now)
        if self._wait is not None and (matched := self._wait.match(event)) is not None:
            self._resume(matched, now)

    def tick(self, now: float) -> None:
        """Goes on with the next step if the deadline has come."""
        if (deadline := self.deadline) is not None and deadline <= now:
            self._resume(None, now)

    def snapshot(self) -> RunSnapshot:
        """Returns what another process needs to go on with the run, which is not over."""
        assert self._wait is not None
        return RunSnapshot(
            self.record.number,
            tuple(self._position.levels),
            self._wait.deadline,
            self._gone_at,
            self._rounds,
            tuple(self.sent),
        )

    def stop(self, now: float) -> None:
        """Ends the run; its state is `stopped`."""
        if not self.over:
            self._now = now
            self._steps.close()
            self._end("stopped")

    def _note_connection(self, event: Event, now: float) -> None:
        """Notes that the agent disconnected or came back. The connections of the user's own server
        are not the agent's."""
        if event.kind == "disconnected" and is_of_agent(event):
            self._gone_at = now
        elif event.kind == "connected" and is_of_agent(event):
            self._gone_at = None

    def _resume(self, matched: MatchedEvent | None, now: float) -> None:
        self._now = now
        try:
            self._wait = self._steps.send(matched)
        except StopIteration:
            self._end("passed")
        except _StepFailed as failed:
            self.record.failure = str(failed)
            self.record.recent = self._context.recent(self.record.agent)
            self._end("failed")

    def _end(self, state: RunState) -> None:
        record = self.record
        self._wait = None
        record.took = self._now - record.began
        record.state = state
        self._context.runs.notify(record, None)

    def _do_macro(self, macro: Macro, variables: Variables, number: str) -> _Steps:
        definition = repr(macro)
        level = self._position.enter_macro(MacroLevel(definition, variables))
        if level.definition != definition:
            raise _StepFailed(N_('the macro "{name}" was changed').format(name=macro.name))
        variables = level.variables
        try:
            if not level.instead:
                yield from self._do_steps(macro.body, variables, number)
        except _RunInstead as other:
            level.instead = other.macro
        if level.instead:
            other_number = f"{number}{level.instead}: "
            yield from self._do_other(RunStep(level.instead), variables, other_number)
        self._position.leave()

    def _do_steps(self, steps: Iterable[Step], variables: Variables, number: str) -> _Steps:
        level = self._position.enter_steps()
        try:
            yield from self._do_each(steps, variables, number, level)
        finally:
            self._position.leave()

    def _do_each(
        self, steps: Iterable[Step], variables: Variables, number: str, level: StepsLevel
    ) -> _Steps:
        first = level.index
        for index, step in enumerate(steps, 1):
            if index < first:
                continue  # another process has done it
            level.index = index
            record = self._begun_step(f"{number}{index}") if index == first else None
            if record is None:
                record = StepRecord(
                    number=f"{number}{index}",
                    text=describe(step),
                    started=self._now - self.record.began,
                    holds_steps=isinstance(step, RepeatStep | RunStep),
                )
                self.record.steps.append(record)
                self._context.runs.notify(self.record, record)
            try:
                yield from self._do_step(step, variables, record, level)
            except UnfillableError as error:
                record.note = str(error)
                raise _StepFailed(
                    N_("step {number}: {text}: {error}").format(
                        number=record.number, text=record.text, error=error
                    )
                ) from error
            except _StepFailed as failed:
                # A step that holds others fails with the text of the innermost one.
                record.note = record.note or str(failed)
                raise
            finally:
                record.ended = self._now - self.record.began
                self._context.runs.notify(self.record, record)

    def _begun_step(self, number: str) -> StepRecord | None:
        """Returns the record of a step that another process has begun; None if it is not kept any
        more."""
        return next(
            (each for each in self.record.steps if each.number == number and each.ended is None),
            None,
        )

    def _do_step(
        self, step: Step, variables: Variables, record: StepRecord, level: StepsLevel
    ) -> _Steps:
        match step:
            case SendStep():
                self._send(fill_message(step.message, variables.value), record)
            case WaitStep():
                yield from self._do_wait(step, variables, record)
            case ExpectStep():
                yield from self._do_expect(step, variables, record)
            case SleepStep():
                yield Wait(self._deadline(step.seconds))
            case SetStep():
                variables.values[step.name] = variables.value(step.source)
            case SpeakStep():
                yield from self._do_speak(step, variables, record)
            case StopSpeechStep():
                model = fill(step.model, variables.value)
                stopped = self._speech(record).stop_speech(self.record.agent, model)
                record.note = "" if stopped else N_("nothing was spoken")
            case RepeatStep():
                yield from self._do_rounds(step, variables, record, level)
            case RunStep():
                yield from self._do_other(step, variables, f"{record.number}.")

    def _do_rounds(
        self, step: RepeatStep, variables: Variables, record: StepRecord, level: StepsLevel
    ) -> _Steps:
        began, level.round = level.round, level.round or 1
        while level.round <= step.times:
            if level.round != began:
                yield from self._let_others_run()
            elif not self._position.goes_on:
                self._left_deadline = None  # it was between two rounds
            yield from self._do_steps(step.steps, variables, f"{record.number}({level.round}).")
            level.round += 1
        level.round = 0

    def _do_speak(self, step: SpeakStep, variables: Variables, record: StepRecord) -> _Steps:
        if step.interrupt_on is not None:
            filled = fill_filter(step.interrupt_on, variables.value)
            step = msgspec.structs.replace(step, interrupt_on=filled)
        say, play = fill(step.say, variables.value), fill(step.play, variables.value)
        model, agent = fill(step.model, variables.value), self.record.agent
        record.text = describe(SpeakStep(play, say))
        control = self._speech(record)
        if self._left_deadline is None:
            try:
                if say:
                    voice = fill(step.voice, variables.value)
                    key = control.say(agent, say, voice=voice, model=model)
                else:
                    key = control.play_file(agent, play, model=model)
            except CannotSpeak as error:
                raise self._failure(record, str(error)) from error
            variables.values[_SPEECH_KEY] = key
        key = variables.values.get(_SPEECH_KEY, "")
        interrupts = self._interrupts(step.interrupt_on)
        wait = Wait(
            self._deadline(_SPEECH_MAX),
            lambda event: is_end_of(event, key) or (event.by != "speech" and interrupts(event)),
        )
        self._rounds = 0
        while True:
            matched = yield wait
            if matched is None:
                raise self._failure(record, self._reason(wait, _SPEECH_MAX))
            if matched.failure:
                raise self._failure(record, matched.failure)
            if is_end_of(matched.event, key):
                break
            control.stop_speech(agent, model)
            record.event = variables.event = matched.event
        if matched.event.kind == "fault":
            raise self._failure(record, matched.event.text)
        record.note = matched.event.text

    def _interrupts(self, filter_: Filter | None) -> Matches:
        if filter_ is None:
            return lambda event: False
        return event_matcher(filter_, self._context.filters, self._waits_as)

    def _speech(self, record: StepRecord) -> SpeechControl:
        if self._context.speech is None:
            raise self._failure(
                record, N_("sound is spoken on a hub of one's own only, not through --hub")
            )
        return self._context.speech

    def _deadline(self, seconds: float) -> float:
        """Returns when a wait that begins now ends, or the one that another process has begun."""
        left, self._left_deadline = self._left_deadline, None
        return self._now + seconds if left is None else left

    def _send(self, message: Message, record: StepRecord) -> None:
        record.text = describe(SendStep(message))
        if reason := self._context.send(message, self.record.agent):
            raise self._failure(record, N_("not sent: {reason}").format(reason=reason))
        self.sent.append(message)

    def _do_wait(self, step: WaitStep, variables: Variables, record: StepRecord) -> _Steps:
        step = msgspec.structs.replace(step, filter=fill_filter(step.filter, variables.value))
        record.text = describe(step)
        wait = wait_for(
            self._deadline(step.timeout),
            step.filter,
            None,
            self._context.filters,
            self._waits_as,
        )
        if (yield from self._match(wait, variables, record)):
            return
        reason = self._reason(wait, step.timeout)
        if step.otherwise == STOP or self._now < wait.deadline:
            raise self._failure(record, reason)
        record.note = reason
        if step.otherwise != CONTINUE:
            record.note += N_(": runs {otherwise} instead").format(otherwise=step.otherwise)
            raise _RunInstead(step.otherwise)

    def _do_expect(self, step: ExpectStep, variables: Variables, record: StepRecord) -> _Steps:
        forbidden = step.forbidden
        step = msgspec.structs.replace(
            step,
            filter=fill_filter(step.filter, variables.value),
            forbidden=None if forbidden is None else fill_filter(forbidden, variables.value),
        )
        record.text = describe(step)
        wait = wait_for(
            self._deadline(step.timeout),
            step.filter,
            step.forbidden,
            self._context.filters,
            self._waits_as,
        )
        if not (yield from self._match(wait, variables, record)):
            raise self._failure(record, self._reason(wait, step.timeout))
        took = self._now - self.record.began - record.started
        if step.within is not None and took > step.within:
            limit = format_duration(step.within)
            raise self._failure(
                record,
                N_("it took {took:,.0f} ms, more than {limit}").format(
                    took=took * 1000, limit=limit
                ),
            )

    def _match(
        self, wait: Wait, variables: Variables, record: StepRecord
    ) -> Generator[Wait, MatchedEvent | None, bool]:
        """Waits; returns whether an event satisfied the wait, and fails on a forbidden one."""
        self._rounds = 0
        matched = yield wait
        if matched is None:
            return False
        record.event = matched.event
        if matched.failure:
            raise self._failure(record, matched.failure)
        variables.event = matched.event
        return True

    def _reason(self, wait: Wait, timeout: float) -> str:
        return wait.describe_end(self._now, timeout, self.record.agent, self._gone_at)

    def _do_other(self, run: RunStep, variables: Variables, number: str) -> _Steps:
        macro = self._context.find(run.macro)
        if macro is None:
            raise _StepFailed(
                N_('the macro "{macro}" is not there any more').format(macro=run.macro)
            )
        given = {name: fill(value, variables.value) for name, value in run.params}
        own = Variables(variables.agent, dict(macro.params) | given)
        yield from self._do_macro(macro, own, number)

    def _let_others_run(self) -> _Steps:
        self._rounds += 1
        if self._rounds > _ROUNDS_A_TURN:
            self._rounds = 0
            yield Wait(self._now)

    def _failure(self, record: StepRecord, reason: str) -> _StepFailed:
        record.note = reason
        return _StepFailed(
            N_("step {number}: {text}: {reason}").format(
                number=record.number, text=record.text, reason=reason
            )
        )
