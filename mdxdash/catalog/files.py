"""The files that commands name: whether the agent reads files of that name."""

from collections.abc import Iterator
from typing import Final

from mdxdash.catalog.dissect import DissectedLine, argument_at, best_forms

_NO_FILE: Final = ("NONE", "default")
"""Values of a file argument that name no file."""


def unread_file(dissected: DissectedLine) -> tuple[str, tuple[str, ...]] | None:
    """Return the first file whose name does not end as the files that its argument takes, and
    these endings; None if there is none."""
    for _, value, endings in named_files(dissected):
        if not value.lower().endswith(endings):
            return value, endings
    return None


def named_files(dissected: DissectedLine) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the argument's name, the value and the endings that the program reads, for each file
    in the line whose endings are known."""
    entry, values = dissected.entry, dissected.values
    if entry is None or not entry.file_ext:
        return
    form = entry.forms[best_forms(entry, values)[0]]
    for index, value in enumerate(values):
        argument = argument_at(form, index)
        if argument is None or argument.type != "file" or value in _NO_FILE:
            continue
        if endings := entry.file_ext.get(argument.name, ()):
            yield argument.name, value, endings
