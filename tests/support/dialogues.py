"""Events written as lines with their seconds, and what the dialogue makes of events."""

from collections.abc import Iterable
from pathlib import Path

from mdxdash.dialogue.interval import Interval
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.recordings.opening import open_recording

BEGIN = 1_700_000_000.0
"""The Unix time of second 0 of a script."""


def script(*lines: str, agent: str = "chat") -> list[Event]:
    """Makes the events of lines such as `1.5 RECOG_EVENT_STOP|hello`."""
    events = []
    for seq, line in enumerate(lines, start=1):
        seconds, _, message = line.partition(" ")
        type_, _, args = message.partition("|")
        events.append(Event(seq, BEGIN + float(seconds), "received", agent, type_, args))
    return events


class Followed:
    """What the dialogue made of events: the last state of each interval and turn."""

    def __init__(self, events: Iterable[Event], *, finish: bool = True) -> None:
        self.by_number: dict[int, Interval] = {}
        self.turns_by_number: dict[int, Turn] = {}
        self.first = BEGIN
        dialogue = Dialogue(self._interval, self._turn)
        for count, event in enumerate(events):
            if not count:
                self.first = event.time
            dialogue.add(event)
        if finish:
            dialogue.finish()

    def _interval(self, interval: Interval) -> None:
        before = self.by_number.get(interval.number)
        assert before is None or before.end is None, "what has ended has changed"
        self.by_number[interval.number] = interval

    def _turn(self, turn: Turn) -> None:
        self.turns_by_number[turn.number] = turn

    @property
    def intervals(self) -> list[Interval]:
        """All intervals, in the order in which they began."""
        return list(self.by_number.values())

    @property
    def turns(self) -> list[Turn]:
        """All turns, in order."""
        return list(self.turns_by_number.values())

    def lane(self, name: str) -> list[tuple[float, float | None, str]]:
        """The intervals of a lane: begin and end in seconds of the script, and how it ended."""
        return [
            (
                round(each.begin - BEGIN, 3),
                None if each.end is None else round(each.end - BEGIN, 3),
                each.ending,
            )
            for each in self.intervals
            if each.lane.name == name
        ]

    def texts(self, name: str) -> list[str]:
        """The texts of the intervals of a lane."""
        return [each.text for each in self.intervals if each.lane.name == name]


def follow(*lines: str) -> Followed:
    """Follows a script."""
    return Followed(script(*lines))


def recorded_events(path: Path) -> list[Event]:
    """All events of a recording, or of another program's file."""
    return [event for chunk in open_recording(path).read_chunks() for event in chunk]
