"""Checking a message before it is sent: what would harm the agent, what may, what looks wrong."""

from collections.abc import Iterable, Iterator

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.codes import CODES, SEVERITIES, Severity
from mdxdash.catalog.dissect import DissectedLine, dissect_command
from mdxdash.catalog.harmful import HARMFUL
from mdxdash.catalog.hints import Hint, hints
from mdxdash.catalog.mistyped import mistyped
from mdxdash.catalog.replies import anticipate
from mdxdash.wire.framing import Unsendable, encode_text
from mdxdash.wire.message import Message, format_message, parse_message


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One thing found in a message."""

    code: str
    """`explain` gives its general meaning."""
    severity: Severity
    text: str
    """What was found in this message."""
    meant: str = ""
    """The name that was probably meant, where one of a message looks misspelt."""

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


def check(message: Message, state: AnnouncedState | None = None) -> tuple[Finding, ...]:
    """Return the findings about a message, the most severe first; empty if there are none.

    `state` is what the agent has announced. Without it, a finding that depends on it is reported
    only where harm is likely. A message wrapped in `__AV_MESSAGE,` is checked as what it wraps.
    """
    line = format_message(message)
    command = dissect_command(line)
    found = () if command is None else _findings(hints(command, state))
    return (*_unsendable(line), *harms(command, state), *doubts(line), *found)


def check_lines(
    lines: Iterable[str], state: AnnouncedState | None = None
) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings about each of several lines that are sent one after the other.

    Each line is checked against the state that those before it bring about. `state` stays as it
    is.
    """
    after = None if state is None else state.copy()
    for line in lines:
        yield check(parse_message(line), after)
        if after is not None:
            anticipate(after, dissect_command(line))


def doubts(line: str) -> tuple[Finding, ...]:
    """Return what is asked about because the line is probably not what was meant.

    It is a part of `check` and not of `harms`: programs may send such lines on purpose.
    """
    found = mistyped(line)
    return () if found is None else _findings([found])


def dangers(message: Message, state: AnnouncedState | None = None) -> tuple[Finding, ...]:
    """Return what is refused or asked about: `check` without the hints, which take most time."""
    line = format_message(message)
    return (*_unsendable(line), *harms(dissect_command(line), state))


def harms(
    command: DissectedLine | None, state: AnnouncedState | None = None
) -> tuple[Finding, ...]:
    """Return what is refused or asked about because of what a command does.

    Whether the line can be sent at all is not checked. `command` is the result of
    `dissect_command`; `state` is what the agent has announced.
    """
    if command is None or command.head.text not in HARMFUL:  # as nearly all that is relayed
        return ()
    finders = HARMFUL[command.head.text]
    found = _findings(hint for find in finders for hint in find(command, state))
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _unsendable(line: str) -> tuple[Finding, ...]:
    try:
        encode_text(line)
    except Unsendable as error:
        return (Finding(error.code, "refused", error.reason),)
    return ()


def _findings(found: Iterable[Hint]) -> tuple[Finding, ...]:
    return tuple(Finding(code, CODES[code].severity, *texts) for code, *texts in found)
