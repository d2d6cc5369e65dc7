"""Splitting a line as the agent does: its entry in the catalog, its arguments and their positions.

Unfinished lines are split too, so that the composer and the checks see the same arguments.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

import msgspec

from mdxdash.catalog.entry import Argument, Entry, Form
from mdxdash.catalog.lookup import find, is_family
from mdxdash.wire.framing import ESCAPE, LINE_MAX_BYTES
from mdxdash.wire.message import SEPARATOR, Message, format_message, parse_message

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_COUNTS = {"vec2": (2, 2), "vec3": (3, 3), "vec3-4": (3, 4), "rgb": (3, 3), "rgba": (4, 4)}
"""Argument type to the least and the most numbers that it takes, with commas between them."""


class ArgumentSpan(msgspec.Struct, frozen=True, gc=False):
    """A part of a line: its text, which is `line[start:end]`."""

    text: str
    start: int
    end: int


class DissectedLine(msgspec.Struct, frozen=True):
    """The parts of a line.

    `head` is the type, with the sub-command of a `MENU|ADD`. `pieces` are the arguments as they
    are written, empty ones included.
    """

    head: ArgumentSpan
    entry: Entry | None
    separator: str
    """The character between the head and the first argument. It also separates the arguments,
    except in `__AV_…` lines and in messages whose entry has an empty separator."""
    pieces: tuple[ArgumentSpan, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The arguments as the command gets them: the agent drops empty ones, so that later ones
        move up (PROTOCOL.md)."""
        texts = (piece.text for piece in self.pieces)
        if self.entry is not None and self.entry.separator != SEPARATOR:
            return tuple(texts)
        return tuple(text for text in texts if text)


def dissect(line: str) -> DissectedLine:
    """Split a line that has no newline. Never fails.

    The same lines are split again and again: a macro repeats them, and one key pressed in the
    composer asks for completion, signature and check. So the result is kept, except for lines
    that are too long to be sent.
    """
    return _recently_split(line) if len(line) <= LINE_MAX_BYTES else _split(line)


def _split(line: str) -> DissectedLine:
    remote = line.startswith("__AV")
    end = _head_end(line, remote)
    head = ArgumentSpan(line[:end], 0, end)
    entry = find(head.text)
    separator = line[end : end + 1] or ("," if remote else SEPARATOR)
    if end == len(line):
        return DissectedLine(head, entry, separator, ())
    between = entry.separator if entry is not None else separator
    if entry is not None and _is_one_text(entry):
        between = ""
    return DissectedLine(head, entry, separator, _pieces(line, end + 1, between))


_recently_split = lru_cache(maxsize=1024)(_split)


def dissect_command(line: str) -> DissectedLine | None:
    """Split the command that the agent acts on: the line, or the message in its `__AV_MESSAGE,`.

    `line` has no newline. Returns None if the command has no type.
    """
    if line.startswith(ESCAPE):
        line = format_message(parse_message(line.removeprefix(ESCAPE)))
    return None if not line or line.startswith(SEPARATOR) else dissect(line)


def _head_end(line: str, remote: bool) -> int:
    ends = [at for sign in (SEPARATOR, "," if remote else SEPARATOR) if (at := line.find(sign)) > 0]
    end = min(ends, default=len(line))
    if is_family(line[:end]):
        second = line.find(SEPARATOR, end + 1)
        return second if second > 0 else len(line)
    return end


def _is_one_text(entry: Entry) -> bool:
    """Whether all that follows is one text, as in `__AV_MESSAGE,X|a,b`."""
    return entry.kind == "remote" and entry.forms[0][:1] != () and entry.forms[0][0].type == "rest"


def _pieces(line: str, start: int, separator: str) -> tuple[ArgumentSpan, ...]:
    texts = line[start:].split(separator) if separator else [line[start:]]
    pieces = []
    for text in texts:
        pieces.append(ArgumentSpan(text, start, start + len(text)))
        start += len(text) + 1
    return tuple(pieces)


def fits(argument: Argument, value: str) -> bool:
    """Return whether a value has the form that its argument requires."""
    match argument.type:
        case "choice" | "bool-onoff":
            return value in argument.choices
        case "number":
            return _NUMBER.fullmatch(value) is not None
        case "integer":
            return _INTEGER.fullmatch(value) is not None
        case "vec2" | "vec3" | "vec3-4" | "rgb" | "rgba":
            least, most = _COUNTS[argument.type]
            numbers = value.split(",")
            return least <= len(numbers) <= most and all(map(_NUMBER.fullmatch, numbers))
    return True


def argument_at(form: Form, index: int) -> Argument | None:
    """Return the argument of the value at `index`; a last `rest` takes all that follow."""
    if index < len(form):
        return form[index]
    return form[-1] if form and form[-1].type == "rest" else None


def best_forms(entry: Entry, values: Sequence[str], *, unfinished: bool = False) -> list[int]:
    """Return the indexes of the forms that the values fit best; several if they fit equally.

    `unfinished`: more values may follow, so missing ones do not count.
    """
    costs = [_misfit(form, values, unfinished) for form in entry.forms]
    return [index for index, cost in enumerate(costs) if cost == min(costs)]


def _misfit(form: Form, values: Sequence[str], unfinished: bool) -> int:
    cost = 0
    for index, value in enumerate(values):
        argument = argument_at(form, index)
        if argument is None:
            cost += 3
        elif value and not fits(argument, value):
            cost += 2
        elif (argument.type == "file" and "," in value) or (
            argument.type == "list" and value and "," not in value
        ):
            cost += 1
    if not unfinished and any(not argument.optional for argument in form[len(values) :]):
        cost += 3
    return cost


def named_arguments(message: Message) -> tuple[tuple[str, str], ...]:
    """Return the message's arguments as (name, value), as the command gets them.

    The name is empty for a value beyond the known arguments, and in an unknown message.
    """
    dissected = dissect(format_message(message))
    values = dissected.values
    if dissected.entry is None:
        return tuple(("", value) for value in values)
    form = dissected.entry.forms[best_forms(dissected.entry, values)[0]]
    if form and form[-1].type == "rest" and len(values) > len(form):
        joined = (dissected.entry.separator or SEPARATOR).join(values[len(form) - 1 :])
        values = (*values[: len(form) - 1], joined)
    pairs = zip_longest((argument.name for argument in form), values, fillvalue="")
    return tuple(pairs)[: len(values)]
