"""What the commands print on stdout, so that nothing of others in it is obeyed by a terminal."""

import sys
from typing import Final

import click
import msgspec

from mdxdash.events.printable import escape_json, printable

NEWLINE: Final = b"\n"


def show(text: str = "") -> None:
    """Prints a text in lines of its own. Text of others in it is made printable."""
    click.echo("\n".join(map(printable, text.split("\n"))))


def write_json(value: object) -> None:
    """Prints a value as one line of JSON."""
    write_json_text(msgspec.json.encode(value) + NEWLINE)


def write_json_text(text: bytes) -> None:
    """Prints JSON in UTF-8 as it is; in a terminal with escapes for what that would obey, which
    changes no value."""
    sys.stdout.buffer.write(escape_json(text) if is_terminal() else text)


def is_terminal() -> bool:
    """Returns whether stdout is a terminal; False for one that is closed."""
    try:
        return sys.stdout.isatty()
    except ValueError:
        return False
