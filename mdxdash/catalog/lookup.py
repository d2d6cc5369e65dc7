"""Finding a message in the catalog: by its type, or the nearest to what was typed.

The data file is read on the first look-up (a few milliseconds) and kept in memory.
"""

import functools
import re

import msgspec

from mdxdash.catalog.entry import Entry

AUDIO_BLOCK = "SNDxxxx"
"""The entry of a block of sound; digits with its size replace the `x`. It cannot be typed."""

_AUDIO_BLOCK_HEAD = re.compile(r"SND\d{4}")


class _File(msgspec.Struct, frozen=True):
    """`messages.json` as a whole."""

    version: int
    source: str
    messages: tuple[Entry, ...]


class _Catalog(msgspec.Struct, frozen=True):
    file: _File
    by_name: dict[str, Entry]
    families: frozenset[str]
    """The types whose first argument is a sub-command: `MENU`, `MENU_EVENT`."""


@functools.cache
def _catalog() -> _Catalog:
    from importlib import resources  # noqa: PLC0415 (10 ms that an import of this room must not cost)

    data = resources.files("mdxdash.catalog").joinpath("messages.json").read_bytes()
    file = msgspec.json.decode(data, type=_File)
    by_name = {entry.name: entry for entry in file.messages}
    families = frozenset(name.partition("|")[0] for name in by_name if "|" in name)
    return _Catalog(file, by_name, families)


def entries() -> tuple[Entry, ...]:
    """Return all messages, grouped by subject."""
    return _catalog().file.messages


def source() -> str:
    """Return the source of the facts, in one line."""
    return _catalog().file.source


def is_family(type: str) -> bool:
    """Return whether the first argument of this type is a sub-command, as for `MENU`."""
    return type in _catalog().families


def find(type: str, args: str = "") -> Entry | None:
    """Return the entry of a message; None for an unknown one.

    A sub-command may be in `args` (`find("MENU", "ADD|page")`) or in `type` (`find("MENU|ADD")`).
    The name of an `__AV` line ends at its comma.
    """
    catalog = _catalog()
    entry = catalog.by_name.get(type)
    if entry is not None:
        return entry
    if type in catalog.families:
        return catalog.by_name.get(f"{type}|{args.partition('|')[0]}")
    if type.startswith("__AV"):
        return catalog.by_name.get(type.partition(",")[0])
    if _AUDIO_BLOCK_HEAD.match(type):
        return catalog.by_name[AUDIO_BLOCK]
    return None


@functools.lru_cache(maxsize=512)
def nearest(type: str) -> Entry | None:
    """Return the message that was probably meant by an unknown type; None if none is near.

    Letter case does not count, and about one letter in four may be wrong; if none is that near,
    it is the shortest one that begins with `type`. For a known misprint it is the correct message.
    """
    wanted = type.upper()
    best, allowed = None, max(1, len(wanted) // 4) if len(wanted) > 2 else 0
    for entry in entries():
        distance = _distance(wanted, entry.name.upper(), allowed)
        if distance < allowed or (distance == allowed and best is None):
            best, allowed = entry, distance
    if best is None and len(wanted) > 3:
        begun = [entry for entry in entries() if entry.name.startswith(wanted) and not entry.dead]
        best = min(begun, key=lambda entry: len(entry.name), default=None)
    return find(best.instead) if best is not None and best.instead else best


def _distance(a: str, b: str, limit: int) -> int:
    """Return how many letters to insert, remove, replace or swap to make `b` from `a`.

    It is `limit` + 1 for every distance above `limit`, so that most pairs cost next to nothing.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
