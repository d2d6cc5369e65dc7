"""What the catalog finds wrong with the messages of a macro before it runs."""

from collections.abc import Iterable, Iterator

from mdxdash.catalog.check import check
from mdxdash.catalog.codes import FOR_WRITERS
from mdxdash.macros.model import Macro, RepeatStep, SendStep, Step
from mdxdash.macros.template import names_in_message
from mdxdash.wire.message import Message, format_message


def check_macros(macros: Iterable[Macro]) -> Iterator[str]:
    """Yields a line for each message that would be refused, needs to be confirmed or looks wrong:
    `macro "Greet": MOTION_ADD|0: H404 …`.

    A message with `{names}` is left out: it is checked when it is filled in and sent.
    """
    for macro in macros:
        for message in _messages(macro.body):
            if names_in_message(message):
                continue
            for finding in check(message):
                if finding.code not in FOR_WRITERS:
                    yield f'macro "{macro.name}": {format_message(message)}: {finding}'


def _messages(steps: Iterable[Step]) -> Iterator[Message]:
    for step in steps:
        if isinstance(step, SendStep):
            yield step.message
        elif isinstance(step, RepeatStep):
            yield from _messages(step.steps)
