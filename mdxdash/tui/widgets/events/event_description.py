"""An event in words: its message, when and where it happened, its arguments by name; in a few
lines, or in full."""

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from mdxdash.catalog.dissect import named_arguments
from mdxdash.catalog.lookup import find
from mdxdash.events.event import Event, Kind
from mdxdash.events.printable import printable
from mdxdash.events.text import clock, relay_direction, sign
from mdxdash.language.translation import N_, Language, _
from mdxdash.tui.widgets.events.event_text import event_marks, event_text
from mdxdash.tui.widgets.line_breaking import break_lines
from mdxdash.wire.message import Message, split_arguments


def describe(event: Event, since_previous: float | None, language: Language) -> list[Content]:
    """The event in words: its message, its circumstances, its arguments."""
    lines = _head(event, since_previous, language)
    arguments = arguments_by_name(event)
    width = max((cell_len(name) for name, _text in arguments if not name.isdigit()), default=0)
    lines += [
        Content.assemble((f"{name:>{width}}  ", "$text-muted"), text) for name, text in arguments
    ]
    if event.text and not (event.kind == "log" and event.type):
        lines.append(Content(printable(event_text(event))))
    return lines


def describe_in_full(
    event: Event, since_previous: float | None, language: Language, width: int
) -> list[Content]:
    """Does the same for a screen of `width` cells that has room for all of it: long arguments are
    broken into lines beside their names, then the message as it came, and the bytes of a line
    that is no UTF-8."""
    lines = _head(event, since_previous, language)
    arguments = arguments_by_name(event)
    if arguments:
        lines.append(_EMPTY)
    column = min(max((cell_len(name) for name, _text in arguments), default=0), width // 3)
    for name, text in arguments:
        pieces = break_lines(text or _("(empty)"), max(10, width - column - 2))
        for number, piece in enumerate(pieces):
            label = set_cell_size(name, column) if not number else " " * column
            lines.append(Content.assemble((f"{label}  ", "$text-muted"), piece))
    if event.text:
        shown = (printable(line) for line in event_text(event).split("\n"))
        lines += [_EMPTY, *(Content(part) for line in shown for part in break_lines(line, width))]
    if event.type:
        message = printable(str(Message(event.type, event.args)))
        lines += [_EMPTY, _heading(_HEADING_MESSAGE), *map(Content, break_lines(message, width))]
    if event.undecoded:
        lines += [
            _EMPTY,
            _heading(_HEADING_BYTES),
            *map(Content, _dump(bytes.fromhex(event.undecoded))),
        ]
    return lines


_EMPTY = Content("")
_KINDS: Final[dict[Kind, str]] = {
    "received": N_("received"),
    "sent": N_("sent"),
    "log": N_("log"),
    "connected": N_("connected"),
    "disconnected": N_("disconnected"),
    "refused": N_("refused"),
    "fault": N_("fault"),
}
_HEADING_MESSAGE = N_("the whole message")
_HEADING_BYTES = N_("its bytes, which are no UTF-8")


def _heading(text: str) -> Content:
    return Content.styled(_(text), "$text-muted")


def _dump(data: bytes) -> Iterator[str]:
    """Yields lines of 16 bytes: where they begin, in hexadecimal, and as ASCII where they are."""
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
        yield f"{start:04x}  {row.hex(' '):<47}  {shown}"


def _head(event: Event, since_previous: float | None, language: Language) -> list[Content]:
    entry = find(event.type, event.args) if event.type else None
    title = Content.styled(printable(event.type) or _(_KINDS[event.kind]), "bold $accent")
    if entry is not None:
        title = Content.assemble(title, (f"  {entry.summary.text(language)}", "$text-muted"))
    elif event.type:
        title = Content.assemble(title, (_("  unknown to the catalog"), "$text-muted italic"))
    lines = [title, _circumstances(event, since_previous)]
    if event.kind == "log":
        lines.append(Content(printable(f"{event.module}  {event.level}  {event.agent_time}")))
    return lines


def arguments_by_name(event: Event) -> list[tuple[str, str]]:
    """Returns the arguments of an event's message, printable, each with its name, or with its
    number where the catalog has none for it."""
    named = dict(enumerate(name for name, _value in _named(event)))
    return [
        (named.get(number, str(number)), printable(text))
        for number, text in enumerate(split_arguments(event.args))
    ]


def _named(event: Event) -> list[tuple[str, str]]:
    if not event.type or not event.args:
        return []
    named = list(named_arguments(Message(event.type, event.args)))
    # Where empty arguments were dropped, or the rest is one text, the names do not stand beside
    # the pieces as they came.
    return named if [value for _name, value in named] == list(split_arguments(event.args)) else []


def _circumstances(event: Event, since_previous: float | None) -> Content:
    head = [f"{sign(event)} {_(relay_direction(event) or _KINDS[event.kind])}"]
    if event.agent:
        head.append(printable(event.agent))
    head.append(clock(event.time))
    if since_previous is not None:
        head.append(f"{since_previous * 1000:+,.0f} ms")
    head.append(f"#{event.seq:,}")
    if event.size:
        head.append(_("{size:,} bytes").format(size=event.size))
    if event.by:
        head.append(_("by {by}").format(by=event.by))
    if noted := event_marks(event):
        head.append(noted)
    return Content.styled("  ".join(head), "$text-muted")
