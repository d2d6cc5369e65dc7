"""Changes values in a TOML text; everything else keeps its bytes, comments and order."""

import re
from collections.abc import Callable

import tomlkit
from tomlkit.exceptions import TOMLKitError

_LONE_NEWLINE = re.compile(r"(?<!\r)\n")


def edit_toml(text: str, change: Callable[[tomlkit.TOMLDocument], object]) -> str:
    """Returns the text after `change` was applied to its tomlkit document, with its own line ends.

    Raises `ValueError` if tomlkit cannot do it.
    """
    body = text.removeprefix("\ufeff")
    try:
        document = tomlkit.parse(body)
        change(document)
        edited = document.as_string()
    except TOMLKitError as error:
        raise ValueError(str(error)) from error
    if line_end(text) == "\r\n" and not _LONE_NEWLINE.search(text):
        edited = with_line_ends(edited, "\r\n")
    if not text.endswith("\n"):
        edited = edited.removesuffix("\n").removesuffix("\r")
    return text[: len(text) - len(body)] + edited


def line_end(text: str) -> str:
    """Returns the line end of a text: that of its first line."""
    first, newline, _ = text.partition("\n")
    return "\r\n" if newline and first.endswith("\r") else "\n"


def with_line_ends(text: str, end: str) -> str:
    """Returns the text with `end` as each of its line ends."""
    return text.replace("\r\n", "\n").replace("\n", end)
