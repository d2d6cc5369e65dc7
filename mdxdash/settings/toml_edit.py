"""Changes values in a TOML text; everything else keeps its bytes, comments and order."""

import re
from collections.abc import Callable, Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError

from mdxdash.language.translation import N_
from mdxdash.settings.toml_positions import scan

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


def appended_table(text: str, name: str, table: Mapping[str, str | int]) -> str:
    """Returns the text with a table `[[name]]` more at its end, a blank line before it."""
    end = line_end(text)
    lines = [f"{key} = {tomlkit.item(value).as_string()}" for key, value in table.items()]
    block = "\n".join([f"[[{name}]]", *lines, ""])
    if text.removeprefix("\ufeff").strip():
        text = text.rstrip("\r\n") + end * 2
    return text + with_line_ends(block, end)


def without_table(text: str, name: str, index: int) -> str:
    """Returns the text without the table `[[name]]` of that index: its header and its keys.
    Comments stay, but for those between its keys. Raises `ValueError` if it is written in another
    way, or holds another table."""
    spans = scan(text)
    own = [span for span in spans if span.key_path[:2] == (name, index)]
    if not own or not own[0].header:
        raise ValueError(N_("it has no header [[{name}]] of its own").format(name=name))
    start = text.rfind("\n", 0, own[0].start) + 1
    newline = text.find("\n", max(span.end for span in own))
    stop = len(text) if newline < 0 else newline + 1
    # The blank lines that separated it, too.
    after = text[stop:].lstrip("\r\n") if text[:start].endswith("\n\n") else text[stop:]
    return (text[:start] + after) if after else text[:start].rstrip("\r\n") + line_end(text)


def line_end(text: str) -> str:
    """Returns the line end of a text: that of its first line."""
    first, newline, _ = text.partition("\n")
    return "\r\n" if newline and first.endswith("\r") else "\n"


def with_line_ends(text: str, end: str) -> str:
    """Returns the text with `end` as each of its line ends."""
    return text.replace("\r\n", "\n").replace("\n", end)
