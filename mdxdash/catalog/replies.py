"""Which events reply to a command, so that the two can be shown together."""

import functools
import re
from typing import Final

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.dissect import DissectedLine, best_forms, dissect_command
from mdxdash.catalog.entry import When
from mdxdash.catalog.lookup import entries
from mdxdash.wire.message import SEPARATOR, Message, format_message, split_arguments

_ARGUMENT = re.compile(r"\{(\d+)\}")
_ANYTHING = "*"

_WITHOUT_EVENT: Final = frozenset({"MOTIONCAPTURE_START", "MOTIONCAPTURE_STOP"})
"""The agent does what they ask for when it takes them from its queue, and no event tells."""


class Reply(msgspec.Struct, frozen=True):
    """An event that is expected after a command."""

    type: str
    arguments: tuple[str | None, ...]
    """None if the agent chooses the value; a last None matches one value or more."""
    when: When

    def __str__(self) -> str:
        texts = [_ANYTHING if argument is None else argument for argument in self.arguments]
        return SEPARATOR.join((self.type, *texts))

    def matches(self, event: Message) -> bool:
        """Return whether an event is this reply."""
        if event.type != self.type:
            return False
        got = split_arguments(event.args)
        wanted = self.arguments
        if len(got) > len(wanted) and wanted[-1:] == (None,):
            got = got[: len(wanted)]
        return len(got) == len(wanted) and all(
            want is None or want == value for want, value in zip(wanted, got, strict=True)
        )


def replies(command: Message) -> tuple[Reply, ...]:
    """Return the events that reply to a command, as far as is known, in the order they come.

    `now` comes if the command succeeds. `end` comes when what it started has ended, which for a
    looping motion is never; `user` and `conditional` may never come either. A message wrapped in
    `__AV_MESSAGE,` has the replies of what it wraps.
    """
    return _replies(dissect_command(format_message(command)))


def _replies(command: DissectedLine | None) -> tuple[Reply, ...]:
    if command is None or command.entry is None or not command.entry.replies:
        return ()
    entry, values = command.entry, command.values
    templates: tuple[str, ...] = entry.replies
    if entry.replies_by_form:
        templates = entry.replies_by_form[best_forms(entry, values)[0]]
    when = dict(zip(entry.replies, entry.replies_when, strict=True))
    return tuple(_reply(template, values, when[template]) for template in templates)


def is_reply(command: Message, event: Message) -> bool:
    """Return whether an event is a reply to this command."""
    return any(reply.matches(event) for reply in replies(command))


def anticipate(state: AnnouncedState, command: DissectedLine | None) -> None:
    """Update `state` with the immediate replies of a command that is about to be sent.

    `command` is the result of `dissect_command`. Commands that wait in a queue are checked one
    after the other; without this, each would be checked as if those before it were never sent
    (the second of two `SPEAK_START`).
    """
    for effect in immediate_effects(command):
        state.observe(effect.type, effect.args)


def immediate_effects(command: DissectedLine | None) -> tuple[Message, ...]:
    """Return what `anticipate` lets a state observe: the replies that come at once."""
    effects = [
        Message(reply.type, SEPARATOR.join(map(str, reply.arguments)))
        for reply in _replies(command)
        if reply.when == "now" and None not in reply.arguments
    ]
    if command is not None and command.head.text in _WITHOUT_EVENT:
        effects.append(Message(command.head.text, SEPARATOR.join(command.values)))
    return tuple(effects)


@functools.cache
def types_with_effects() -> frozenset[str]:
    """Return the types of the commands for which `immediate_effects` has something that a state
    takes note of. The type of a sub-command is that of its family (`MENU`)."""
    noted = AnnouncedState().types
    found = {
        entry.name.partition(SEPARATOR)[0]
        for entry in entries()
        for reply, when in zip(entry.replies, entry.replies_when, strict=True)
        if when == "now" and reply.partition(SEPARATOR)[0] in noted
    }
    return _WITHOUT_EVENT | found


def _reply(template: str, values: tuple[str, ...], when: When) -> Reply:
    type_, *parts = template.split(SEPARATOR)
    arguments: list[str | None] = []
    for part in parts:
        argument = _ARGUMENT.fullmatch(part)
        if argument is None:
            arguments.append(None if part == _ANYTHING else part)
        elif int(argument.group(1)) < len(values):
            # A command that takes one text may have bars in it, which the event repeats.
            arguments += values[int(argument.group(1))].split(SEPARATOR)
        # If the command has no such argument, the event has none either.
    return Reply(type_, tuple(arguments), when)
