"""A part of MMDAgent-EX: how it answers commands, with which events and after how long."""

import math
from collections.abc import Callable

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.life import LogLine
from mdxdash.wire.message import Message

Command = Callable[[float, list[str]], None]
"""What is done on a command: it is given the time, and the arguments that are not empty."""


class ContentPart:
    """The base of all parts. What follows from a message goes into the agenda, in the same clock.

    `commands` holds, for each type, what is done and how many arguments that needs. Commands that
    fail say so in the log only, as the real ones do.
    """

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self.commands: dict[str, tuple[Command, int]] = {}

    def react(self, message: Message, now: float) -> None:
        """Act on `message` if it is a command of this part."""
        entry = self.commands.get(message.type)
        if entry is None:
            return
        command, count = entry
        # As each real command does, empty arguments are dropped: later ones shift left.
        arguments = [argument for argument in message.arguments if argument]
        if len(arguments) >= count:
            command(now, arguments)
        else:
            self._log(now, "Error", f"{message.type}: too few arguments")

    def _say(self, time: float, *fields: str, name: tuple[str, ...] | None = None) -> None:
        type_, *arguments = fields
        self._agenda.put(time, Message(type_, "|".join(arguments)), name)

    def _log(self, time: float, level: str, text: str, module: str = "MMDAgent") -> None:
        self._agenda.put(time, LogLine(module, level, text))

    def _end(self, now: float, kind: str, alias: str) -> bool:
        """Stop what runs under that name, and say so. Whether it ran."""
        running = self._agenda.drop((kind, alias))
        if running:
            self._say(now, f"{kind}_EVENT_STOP", alias)
        return running


def to_number(text: str) -> float:
    """The number in `text`; 0 where it is none."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
