"""Makes a macro of a dialogue, as a test: what the user said is sent again, and the same answers
are expected, within limits from what was measured.

What was sent to the agent by hand is in it as well. What the agent said by itself is waited for.
"""

import math
from collections.abc import Callable, Iterable
from typing import Final

from mdxdash.catalog.user_words import user_says
from mdxdash.dialogue.turn import Speech, Turn
from mdxdash.events.event import Event
from mdxdash.filters.filter import Filter
from mdxdash.filters.terms import ArgsTerm, TypeTerm
from mdxdash.filters.tree import AllNode
from mdxdash.filters.values import Fragment, Value, Wildcard
from mdxdash.language.translation import N_
from mdxdash.macros.model import (
    DEFAULT_TIMEOUT,
    ExpectStep,
    Macro,
    SendStep,
    SleepStep,
    Step,
    WaitStep,
)
from mdxdash.macros.template import escape_braces
from mdxdash.wire.message import Message

LIMIT_FACTOR: Final = 2
"""An answer may take this many times as long as it was measured, and `LIMIT_LEAST` at least."""

LIMIT_LEAST: Final = 0.5
"""Seconds: an agent's own frames are 30 ms apart, and machines are slower now and then."""

TIMEOUT_FACTOR: Final = 3

_UNHEARD: Final = 0.5
"""Seconds after words that nothing answered, before something else is said."""


def macro_from_turns(
    name: str, turns: Iterable[Turn], event_of: Callable[[int], Event | None]
) -> Macro:
    """Returns a macro of the turns of one agent, in their order.

    `event_of` returns the event of a `seq`, None for one that is not kept any more. Raises
    ValueError if nothing was said.
    """
    steps: list[Step] = []
    before: Turn | None = None
    for turn in turns:
        # What an interruption cut off has no end to wait for: the user speaks meanwhile.
        if before is not None and not turn.interruptions:
            steps += _until_quiet(before)
        steps += _said(turn)
        steps += _answered(turn, event_of)
        before = turn
    if before is not None:
        steps += _until_quiet(before)
    if not steps:
        raise ValueError(N_("nothing was said: expected at least one turn to make a macro of"))
    return Macro(name, steps=tuple(steps))


def _said(turn: Turn) -> list[Step]:
    """Sends the user's words; in an interruption after the time for which the agent had spoken."""
    if turn.words is None:
        return []
    steps: list[Step] = []
    spoken = min((each.spoken for each in turn.interruptions), default=0.0)
    if spoken >= 0.001:
        steps.append(SleepStep(round(spoken, 3)))
    if turn.user_began is not None:
        steps.append(SendStep(Message("RECOG_EVENT_START")))
    steps.append(SendStep(user_says(escape_braces(turn.words))))
    if turn.answer is None:
        steps.append(SleepStep(_UNHEARD))
    return steps


def _answered(turn: Turn, event_of: Callable[[int], Event | None]) -> list[Step]:
    """Expects the first voice in time, with its text; further ones were decided because of it."""
    answer = turn.answer
    if answer is None or answer.voice is None:
        return []
    model = escape_braces(answer.model)
    steps: list[Step] = []
    decision = event_of(answer.seq) if answer.decided is not None else None
    if decision is not None and decision.echo is not None:
        steps.append(SendStep(Message(decision.type, escape_braces(decision.args))))
    elif decision is not None and decision.type == "SYNTH_START" and not answer.uncertain:
        text = (model + "|", Wildcard.ANY, "|" + escape_braces(answer.text))
        steps.append(WaitStep(_filter("SYNTH_START", text), _timeout(turn, answer.decided)))
    voice = "SPEAK_EVENT_START" if _is_file(decision) else "SYNTH_EVENT_START"
    wanted = _filter(voice, (model,))
    if turn.latency is None:
        steps.append(WaitStep(wanted, _timeout(turn, answer.voice)))
        return steps
    if steps and isinstance(steps[0], WaitStep):
        decided = ExpectStep(steps[0].filter, within=_limit(turn.deciding or 0.0))
        return [decided, ExpectStep(wanted, within=_limit(turn.synthesis or 0.0))]
    return [*steps, ExpectStep(wanted, within=_limit(turn.latency))]


def _limit(seconds: float) -> float:
    return max(LIMIT_LEAST, math.ceil(seconds * LIMIT_FACTOR * 10) / 10)


def _until_quiet(turn: Turn) -> list[Step]:
    """Waits for the end of what was heard last."""
    last: Speech | None = max(
        (each for each in turn.speeches if each.voice is not None and each.end is not None),
        key=lambda each: each.end or 0.0,
        default=None,
    )
    if last is None or last.end is None or last.voice is None:
        return []
    took = last.end - (turn.heard or last.voice)
    timeout = max(DEFAULT_TIMEOUT, float(math.ceil(took * TIMEOUT_FACTOR)))
    steps: list[Step] = []
    voiced = [each for each in turn.speeches if each.voice is not None]
    if last is not turn.answer and len(voiced) > 1:
        # The end of the speech before must not be taken for that of the last one.
        text = (escape_braces(last.model) + "|", Wildcard.ANY, "|" + escape_braces(last.text))
        if not last.uncertain and last.decided is not None:
            steps.append(WaitStep(_filter("SYNTH_START", text), timeout))
    return [*steps, WaitStep(_filter("SYNTH_EVENT_STOP", (escape_braces(last.model),)), timeout)]


def _is_file(decision: Event | None) -> bool:
    return decision is not None and decision.type == "SPEAK_START"


def _timeout(turn: Turn, until: float | None) -> float:
    took = (until or turn.begin) - turn.begin
    return max(DEFAULT_TIMEOUT, float(math.ceil(took * TIMEOUT_FACTOR)))


def _filter(type_: str, args: tuple[Fragment, ...]) -> Filter:
    return Filter(AllNode((TypeTerm((Value((type_,)),)), ArgsTerm((Value(args),)))))
