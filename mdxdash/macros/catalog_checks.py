"""What the catalog says of a macro before it is fired: the composer's checks on all its lines."""

from collections.abc import Iterable, Iterator

from mdxdash.catalog.check import check
from mdxdash.macros.model import Macro, RepeatStep, SendStep, Step
from mdxdash.macros.template import names_in_message
from mdxdash.wire.message import Message, format_message

NOT_SAID = frozenset({"H401", "H408", "H416"})
"""A type of the content's own is right in a macro that somebody saved; and that the documentation
is wrong somewhere is of use to who writes the line, not to who runs it. The same holds for the
reminder that a file has to be there."""


def check_macro(macros: Iterable[Macro]) -> Iterator[str]:
    """A line for each message that would be refused or asked about, or looks wrong:
    `macro "Greet": MOTION_ADD|0: H404 …`.

    Lines with `{names}` are judged when they are filled in and sent.
    """
    for macro in macros:
        for message in _messages(macro.body):
            if names_in_message(message):
                continue
            for finding in check(message):
                if finding.code not in NOT_SAID:
                    yield f'macro "{macro.name}": {format_message(message)}: {finding}'


def _messages(steps: Iterable[Step]) -> Iterator[Message]:
    for step in steps:
        if isinstance(step, SendStep):
            yield step.message
        elif isinstance(step, RepeatStep):
            yield from _messages(step.steps)
