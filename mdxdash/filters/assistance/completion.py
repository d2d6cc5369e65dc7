"""Completion of a filter while it is typed: terms, and the names that events have.

What can be typed stands in the catalog's own form (`Completion`), so that the screen offers it as
it offers messages.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

import msgspec

from mdxdash.catalog.completion import CANDIDATES_MAX, Candidate, Completion
from mdxdash.catalog.lookup import entries
from mdxdash.filters.filter import FilterError, parse
from mdxdash.filters.terms import NAMED, TERMS
from mdxdash.filters.tree import AnyNode
from mdxdash.filters.values import quoted
from mdxdash.language.translation import _, ngettext
from mdxdash.wire.full_width import fold, half_width

TYPES_FROM: Final = 2
"""Letters of a plain word from which on types that hold it are offered."""

_SPANS: Final = ("30s", "5m", "1h")
"""Offered for `last:`."""

_WORD = re.compile(r'-*([^\s()"]*)\Z')
_REST = re.compile(r'[^\s(),"]*')
_TERM = re.compile(r"([A-Za-z_]+):(?:[^,]*,)*")


class KnownNames(msgspec.Struct, frozen=True):
    """The names that a filter can ask for."""

    types: Mapping[str, int] = {}
    """Each with the number of its events."""
    agents: Collection[str] = ()
    modules: Collection[str] = ()
    saved: Mapping[str, str] = {}
    """The texts of saved filters, by their names."""

    def named(self, code: str) -> dict[str, str]:
        """Returns the values that a term (`type`) can have, each with a line about it."""
        match code:
            case "type":
                seen = {name: _events(count) for name, count in self.types.items()}
                order = sorted(seen, key=lambda name: -self.types[name])
                return {name: seen[name] for name in order} | {
                    name: "" for name in _catalog_types() if name not in seen
                }
            case "agent":
                return dict.fromkeys(self.agents, _("agent"))
            case "module":
                return dict.fromkeys(self.modules, _("module"))
            case "last":
                return dict.fromkeys(_SPANS, "")
        return dict.fromkeys(NAMED[code].choices, "")


def complete_filter(text: str, cursor: int, known: KnownNames) -> Completion:
    """Returns what could be typed at the cursor, the best first.

    * `text`: the filter, which may be half typed.
    * `cursor`: an index into it.
    * `known`: the names that are offered.

    For a value that begins several names, a pattern for all of them is the first (`RECOG*`).
    """
    before = half_width(text[:cursor])
    word = _WORD.search(before)
    # Text in quotes and expressions are the user's own.
    if word is None or before.count('"') % 2 or word[1].startswith("/"):
        return Completion((), cursor, cursor)
    end = cursor + len(found[0] if (found := _REST.match(text, cursor)) else "")
    if term := _TERM.match(word[1]):
        start = word.start(1) + term.end()
        code, typed = term[1].lower(), before[start:]
        taken = before[word.start(1) : start].partition(":")[2].split(",")
        candidates = _values(code, typed, taken, known)
    else:
        start, typed = word.start(1), word[1]
        alone = not (text[: word.start()] + text[end:]).strip()
        candidates = _words(typed, known, alone=alone)
    offered = tuple(islice(candidates, CANDIDATES_MAX))
    return Completion(offered, start, end)


def _values(
    code: str, typed: str, taken: Collection[str], known: KnownNames
) -> Iterator[Candidate]:
    if code not in NAMED or "*" in typed or "?" in typed:
        return
    there = (*taken, typed)
    names = {name: about for name, about in known.named(code).items() if name not in there}
    ranked = _ranked(typed, names)
    begun = [name for rank, name in ranked if rank == 0]
    pattern: list[Candidate] = []
    is_name = fold(typed) in map(fold, known.named(code))
    if typed and begun and not is_name and code in ("type", "agent", "module"):
        text = f"{typed}*"
        seen = [name for name in begun if names[name]]
        pattern = [Candidate(text, text, _names(len(seen)) if seen else "")]
    several = len(begun) > 1
    yield from pattern if several else ()
    for position, (__, name) in enumerate(ranked):
        yield Candidate(quoted((name,)), name, names[name])
        if position == 0 and not several:
            yield from pattern


def _words(typed: str, known: KnownNames, *, alone: bool) -> Iterator[Candidate]:
    """Yields terms, saved filters and types for a word without a colon."""
    yield from (
        Candidate(f"{term.code}:", f"{term.code}:", _(term.help))
        for term in TERMS
        if term.code and term.code.startswith(typed.lower())
    )
    for __, name in _ranked(typed, known.saved):
        yield Candidate(_inserted(known.saved[name], alone=alone), name, known.saved[name])
    if len(typed) >= TYPES_FROM:
        types = known.named("type")
        for __, name in _ranked(typed, types):
            yield Candidate(f"type:{quoted((name,))}", f"type:{name}", types[name])


def _inserted(saved: str, *, alone: bool) -> str:
    """A saved filter as it stands in another one."""
    try:
        node = parse(saved).node
    except FilterError:
        return saved
    return f"({saved})" if isinstance(node, AnyNode) and not alone else saved


def _ranked(typed: str, names: Iterable[str]) -> list[tuple[int, str]]:
    """The names that hold what was typed: with 0 those that begin with it, else with 1."""
    wanted = fold(typed)
    folded = ((fold(name), name) for name in names)
    found = [(not each.startswith(wanted), name) for each, name in folded if wanted in each]
    return sorted(found, key=lambda pair: pair[0])


def _events(count: int) -> str:
    return ngettext("{count:,} event", "{count:,} events", count).format(count=count)


def _names(count: int) -> str:
    return ngettext("{count:,} name", "{count:,} names", count).format(count=count)


def _catalog_types() -> Iterator[str]:
    return (entry.name for entry in entries() if not re.search(r"[|,\s*]", entry.name))
