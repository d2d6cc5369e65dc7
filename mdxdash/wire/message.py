"""A message: a type and its arguments, ``TYPE|arg|arg``, as MMDAgent-EX writes it in a line.

Only text; which lines are safe to send is decided in `framing`.
"""

import msgspec

SEPARATOR = "|"
"""Between the type and the first argument, and between arguments."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """A message, without its newline.

    `args` keeps the text after the first bar unchanged, so that `A|b|` and `A||b` are formatted
    as they were received.
    """

    type: str
    args: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The single arguments; empty if there are none."""
        return split_arguments(self.args)

    def __str__(self) -> str:
        return format_message(self)


def split_arguments(args: str) -> tuple[str, ...]:
    """Split the text after the first bar: `a|b` is `("a", "b")`, an empty text is `()`."""
    return tuple(args.split(SEPARATOR)) if args else ()


def parse_message(line: str) -> Message:
    """Return the message in a line without a newline. Never fails: an empty line has no type."""
    type_, _, args = line.partition(SEPARATOR)
    return Message(type_, args)


def format_message(message: Message) -> str:
    """Return a message's line, without a newline. Empty `args` drop the bar, as in the agent."""
    return f"{message.type}{SEPARATOR}{message.args}" if message.args else message.type
