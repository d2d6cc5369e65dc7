"""A part of MMDAgent-EX: the events that its commands cause, and after how long."""

import math
from collections.abc import Callable

from mdxdash.simulator.behavior import LogLine
from mdxdash.simulator.content.agenda import Agenda
from mdxdash.wire.message import Message

Command = Callable[[float, list[str]], None]
"""The function for a command. Its parameters: the time, and the arguments that are not empty."""


class ContentPart:
    """The base of all parts. What a command causes is put into the agenda, in the same clock.

    `commands` holds each command's function and the number of arguments that it needs. Failures
    are reported in the log only, as the real agent does.
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
        # Each real command drops empty arguments, so that later ones shift left (PROTOCOL.md).
        arguments = [argument for argument in message.arguments if argument]
        if len(arguments) >= count:
            command(now, arguments)
        else:
            self._log(now, "Error", f"{message.type}: too few arguments")

    def _issue(self, time: float, *fields: str, name: tuple[str, ...] | None = None) -> None:
        type_, *arguments = fields
        self._agenda.put(time, Message(type_, "|".join(arguments)), name)

    def _log(self, time: float, level: str, text: str, module: str = "MMDAgent") -> None:
        self._agenda.put(time, LogLine(module, level, text))

    def _end(self, now: float, kind: str, alias: str) -> bool:
        """End what runs under that name, with its event. Returns whether it ran."""
        running = self._agenda.drop((kind, alias))
        if running:
            self._issue(now, f"{kind}_EVENT_STOP", alias)
        return running


def to_number(text: str) -> float:
    """Return the number in `text`; 0 if it is no finite number."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
