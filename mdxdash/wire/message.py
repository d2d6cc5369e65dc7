"""A message: a type and its arguments, ``TYPE|arg|arg``, as MMDAgent-EX writes it in a line.

Pure text; what a line must look like to be sent safely is said in `framing`.
"""

import msgspec

SEPARATOR = "|"
"""Stands between the type and the arguments, and between one argument and the next."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """What the wire carries, without its newline.

    `args` keeps the text after the first bar as it was, so that nothing is lost by splitting:
    `A|b|` and `A||b` come back as they came.
    """

    type: str
    args: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments one by one; empty when there are none."""
        return split_arguments(self.args)

    def __str__(self) -> str:
        return format_message(self)


def split_arguments(args: str) -> tuple[str, ...]:
    """The text after the first bar as single arguments: `a|b` is `("a", "b")`, `` is `()`."""
    return tuple(args.split(SEPARATOR)) if args else ()


def parse_message(line: str) -> Message:
    """The message in a line that has no newline. Never fails: `parse_message("")` has no type."""
    type_, _, args = line.partition(SEPARATOR)
    return Message(type_, args)


def format_message(message: Message) -> str:
    """The line of a message, without its newline. As the agent does, empty `args` drop the bar."""
    return f"{message.type}{SEPARATOR}{message.args}" if message.args else message.type
