"""What sets a macro off by an event: its `on`, its `cooldown`, and the guard against going round.

A macro whose command brings about the very event that it answers would go on for ever. A round of
that kind is known by its event: it answers what the macro sent the last time, or it is the same
as the last time. What others say, however fast, is none; only when it has lasted too long.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mdxdash.catalog.replies import is_reply
from mdxdash.events.event import Event
from mdxdash.filters.filter import Context
from mdxdash.hub.targets import selects
from mdxdash.macros.model import Macro
from mdxdash.macros.running.event_matching import Matches, matching, may_match
from mdxdash.macros.template import fill_filter
from mdxdash.wire.message import Message

MOST_ROUNDS: Final = 20
"""In ROUND_TIME; then the trigger is stopped."""

ROUND_TIME: Final = 1.0
"""Seconds."""

MOST_ANSWERS: Final = 600
"""In ANSWER_TIME, whatever they answer: no dialogue does that, and a circle through the agent's
own script cannot be told from others' events."""

ANSWER_TIME: Final = 30.0
"""Seconds."""


@dataclass(slots=True)
class _Past:
    """What a trigger did on one agent. Times are seconds."""

    answered_at: float = float("-inf")
    message: tuple[str, str] | None = None
    """The type and arguments that it answered last."""
    sent: Collection[Message] = ()
    """What it sent then; grows while that run goes on."""
    rounds: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ROUNDS))
    answers: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ANSWERS))


class Trigger:
    """The `on` of one macro, in force."""

    def __init__(self, macro: Macro, context: Context, groups: Mapping[str, Sequence[str]]) -> None:
        assert macro.on is not None
        self._groups = groups
        self.macro = macro
        self._filter = fill_filter(macro.on, dict(macro.params).__getitem__)
        self._hears: Matches = matching(self._filter, context)
        self._past: defaultdict[str, _Past] = defaultdict(_Past)

    def may_match(self, type_: str) -> bool:
        """Whether an event of that type can set it off at all."""
        return may_match(self._filter, type_)

    def hears(self, event: Event, now: float) -> bool:
        """Whether the event sets the macro off now."""
        if not event.agent or not self._hears(event):
            return False
        if not selects(self.macro.target, event.agent, self._groups):
            return False
        cooldown = self.macro.cooldown
        return cooldown is None or now >= self._past[event.agent].answered_at + cooldown

    def too_often(self, event: Event, now: float) -> str:
        """Counts an answer to the event; why it would be one too many, else empty."""
        past = self._past[event.agent]
        if self._is_round(event, past):
            if len(past.rounds) == MOST_ROUNDS and now - past.rounds[0] < ROUND_TIME:
                return f"set itself off {MOST_ROUNDS} times within a second"
            past.rounds.append(now)
        if len(past.answers) == MOST_ANSWERS and now - past.answers[0] < ANSWER_TIME:
            return f"answered {MOST_ANSWERS} times within {ANSWER_TIME:g} seconds"
        past.answers.append(now)
        return ""

    def _is_round(self, event: Event, past: _Past) -> bool:
        """Whether the event may come of what the last answer sent."""
        if not past.sent:
            return False
        message = Message(event.type, event.args)
        same = past.message == (event.type, event.args)
        return same or any(is_reply(sent, message) for sent in past.sent)

    def answered(self, event: Event, sent: Collection[Message], now: float) -> None:
        """Notes that a run began; `sent` is what it sends, and may grow later."""
        past = self._past[event.agent]
        past.answered_at = now
        past.message = (event.type, event.args)
        past.sent = sent
