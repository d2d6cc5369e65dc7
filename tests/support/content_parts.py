"""One part of the simulated content by itself: commands in, outputs with their times out."""

from mdxdash.simulator.behavior import LogLine
from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.part import ContentPart
from mdxdash.wire.message import Message, parse_message

FOREVER = 1e9


class PartStage:
    """A part with its agenda."""

    def __init__(self, kind: type[ContentPart]) -> None:
        self.agenda = Agenda()
        self.part = kind(self.agenda)

    def give(self, *lines: str, at: float = 0.0) -> None:
        """Let the part react to commands."""
        for line in lines:
            self.part.react(parse_message(line), at)

    def outputs(self, until: float = FOREVER) -> list[tuple[float, str]]:
        """Take what is due: times and messages, log lines as `Level: text`."""
        taken = []
        while (time := self.agenda.next_time()) <= until:
            output = self.agenda.take(time)
            assert isinstance(output, Message | LogLine)
            text = str(output) if isinstance(output, Message) else f"{output.level}: {output.text}"
            taken.append((round(time, 3), text))
        return taken

    def after(
        self, *lines: str, at: float = 0.0, until: float = FOREVER
    ) -> list[tuple[float, str]]:
        """Give commands, and take what they cause."""
        self.give(*lines, at=at)
        return self.outputs(until)
