"""The row of a speech that mdxdash sends as sound: one an utterance, which grows while it sounds.

Its beginning and its end are two events. The first has the row; while the agent speaks, it shows
how far it is, and afterwards what the event of the end says. The agent itself says nothing of what
it plays, so all of it is computed.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import AgentView
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.language.translation import _
from mdxdash.speech.control import is_end_of
from mdxdash.tui.widgets.bars import progress_bar

BAR_CELLS: Final = 12
"""The width of the bar of a speech that goes on."""

_KEPT: Final = 500
"""Utterances whose end, or how far it was looked for, is kept in mind."""

_SLICE: Final = 5000
"""Events that are searched for an end at a time."""


class SpeechRows:
    """Finds how far the utterances of a log are."""

    def __init__(
        self, log: EventLog, agents: Callable[[], Sequence[AgentView]] = lambda: ()
    ) -> None:
        """`agents` returns the agents as they are now."""
        self._log = log
        self._agents = agents
        self._ends: OrderedDict[int, Event | int] = OrderedDict()
        """By the `seq` of the beginning: the event of the end, or the next `seq` to look at."""
        self._drawn: tuple[object, ...] = ()

    def advance(self) -> bool:
        """Returns whether any agent has spoken on since the last call, by a tenth of a second."""
        speeches = [(agent.name, agent.speech) for agent in self._agents()]
        state = tuple(
            (name, speech.model, speech.number, int(speech.played * 10), speech.late)
            for name, speech in speeches
            if speech is not None
        )
        if state == self._drawn:
            return False
        self._drawn = state
        return True

    def grown(self, event: Event) -> Event:
        """Returns an event as its row shows it now: the beginning of a speech with how far it is,
        any other one as it is."""
        if event.by != "speech" or event.level != "start":
            return event
        if (speech := self._speech_of(event)) is not None:
            return msgspec.structs.replace(event, text=f"{event.text}  {progress_text(speech)}")
        if (end := self._end_of(event)) is not None:
            return msgspec.structs.replace(event, text=end.text)
        return event

    def _speech_of(self, event: Event) -> SpeechState | None:
        model, _, number = event.args.rpartition("|")
        for agent in self._agents():
            speech = agent.speech
            if agent.name != event.agent or speech is None or speech.model != model:
                continue
            if str(speech.number) == number:
                return speech
        return None

    def _end_of(self, event: Event) -> Event | None:
        """Looks on for the end of a speech, for a bounded time."""
        found = self._ends.get(event.seq, event.seq + 1)
        if isinstance(found, int):
            found = self._look(event, max(found, self._log.first_seq))
            self._ends[event.seq] = found
            self._ends.move_to_end(event.seq)
            if len(self._ends) > _KEPT:
                self._ends.popitem(last=False)
        return found if isinstance(found, Event) else None

    def _look(self, event: Event, first: int) -> Event | int:
        for each in self._log.slice(first, first + _SLICE):
            if each.agent == event.agent and is_end_of(each, event.args):
                return each
        return min(first + _SLICE, self._log.next_seq)


def progress_text(speech: SpeechState) -> str:
    """Returns how far a speech is: `━━━━━─────── 1.2/3.2 s, 0.3 s ahead (computed)`."""
    text = f"{speech.played:.1f}"
    bar = ""
    if speech.seconds:
        bar = progress_bar(speech.played, speech.seconds, BAR_CELLS) + " "
        text += f"/{speech.seconds:.1f}"
    late = _(", {late} late").format(late=speech.late) if speech.late else ""
    return _("{bar}{text} s, {ahead:.1f} s ahead{late} (computed)").format(
        bar=bar, text=text, ahead=speech.ahead, late=late
    )
