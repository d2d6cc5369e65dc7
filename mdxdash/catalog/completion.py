"""Completion and signature of a line that is being typed; fast enough for every key pressed."""

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.dissect import DissectedLine, argument_at, best_forms, dissect
from mdxdash.catalog.entry import Argument, ArgumentType, Entry
from mdxdash.catalog.lookup import AUDIO_BLOCK, entries
from mdxdash.catalog.mistyped import corrected
from mdxdash.language.translation import Language
from mdxdash.wire.framing import ESCAPE
from mdxdash.wire.message import SEPARATOR

CANDIDATES_MAX = 100
"""More are not offered, because typing on is quicker than reading them."""

_KINDS = ("command", "remote", "event")


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One possible continuation."""

    text: str
    """The text that replaces the completion's span."""
    display: str
    summary: str
    """One line about a message; of a value, its origin (`default`, `model`)."""
    then: str = ""
    """The separator, if an argument has to follow; else empty."""


class Completion(msgspec.Struct, frozen=True):
    """The candidates, the best first, for `line[start:end]`."""

    candidates: tuple[Candidate, ...]
    start: int
    end: int


class SignaturePart(msgspec.Struct, frozen=True, gc=False):
    """One argument in a signature."""

    label: str
    type: ArgumentType
    optional: bool
    default: str | None


class Signature(msgspec.Struct, frozen=True):
    """The arguments of the message that is being typed, in the form that fits best."""

    entry: Entry
    parts: tuple[SignaturePart, ...]
    current: int | None
    """The index of the part at the cursor; None on the type, and after the last part."""
    form: int
    """The index of this form, of `len(entry.forms)`."""


def complete(
    line: str,
    cursor: int,
    state: AnnouncedState | None = None,
    used: Mapping[str, int] | None = None,
    language: Language = "en",
) -> Completion:
    """Return what could be typed at the cursor.

    `cursor` is an index into `line`; `state` gives the names that exist in the agent, `used` how
    often each type was used. Candidates that begin with the text before the cursor come first,
    then those that have its letters in order; of equal ones the more used, and commands before
    events. Types in `used` that the catalog does not know are offered too. Within
    `__AV_MESSAGE,` the inner message is completed. For a line whose head has full-width
    characters it is the corrected line.
    """
    if cursor == len(line) and (meant := corrected(line)) is not None:
        return Completion((Candidate(meant, meant, "without full-width"),), 0, len(line))
    start = _inner_start(line, cursor)
    line, cursor = line[start:], min(cursor, len(line)) - start
    dissected = dissect(line)
    if cursor <= dissected.head.end:
        piece = dissected.head
        found = _types(line[:cursor], used or {}, language)
    else:
        index = _index_at(dissected, cursor)
        piece = dissected.pieces[index]
        found = _values(dissected, line[piece.start : cursor], index, state)
    candidates = tuple(islice(found, CANDIDATES_MAX))
    if piece.end < len(line):
        # The separator is typed already.
        candidates = tuple(msgspec.structs.replace(one, then="") for one in candidates)
    return Completion(candidates, start + piece.start, start + piece.end)


def signature(line: str, cursor: int) -> Signature | None:
    """Return the arguments of the message in `line`; None for an unknown message.

    Within `__AV_MESSAGE,` they are those of the inner message.
    """
    start = _inner_start(line, cursor)
    line, cursor = line[start:], min(cursor, len(line)) - start
    dissected = dissect(line)
    entry = dissected.entry
    if entry is None:
        return None
    number = best_forms(entry, _texts(dissected), unfinished=True)[0]
    form = entry.forms[number]
    current: int | None = None
    if cursor > dissected.head.end and form:
        index = _index_at(dissected, cursor)
        argument = argument_at(form, index)
        current = form.index(argument) if argument is not None else None
    parts = tuple(
        SignaturePart(_label(argument, entry), argument.type, argument.optional, argument.default)
        for argument in form
    )
    return Signature(entry, parts, current, number)


def _inner_start(line: str, cursor: int) -> int:
    return len(ESCAPE) if line.startswith(ESCAPE) and cursor >= len(ESCAPE) else 0


def _label(argument: Argument, entry: Entry) -> str:
    endings = entry.file_ext.get(argument.name)
    return f"{argument.name} ({' '.join(endings)})" if endings else argument.name


def _texts(dissected: DissectedLine) -> tuple[str, ...]:
    return tuple(piece.text for piece in dissected.pieces)


def _index_at(dissected: DissectedLine, cursor: int) -> int:
    return next(index for index, piece in enumerate(dissected.pieces) if cursor <= piece.end)


def _types(query: str, used: Mapping[str, int], language: Language) -> Iterator[Candidate]:
    typed = query.casefold()
    ranked: list[tuple[tuple[int, int, int, int], Candidate]] = []
    for entry in entries():
        rank = _rank(typed, entry.name)
        if rank is None or entry.dead or entry.name == AUDIO_BLOCK:
            continue
        separator = (entry.separator or SEPARATOR) if entry.takes_arguments else ""
        summary = entry.summary.text(language)
        candidate = Candidate(entry.name, entry.name, summary, separator)
        uses = used.get(entry.name, 0)
        ranked.append(((rank, -uses, _KINDS.index(entry.kind), len(ranked)), candidate))
    known = {candidate.text for _, candidate in ranked}
    for type_, uses in used.items():
        rank = _rank(typed, type_)
        if rank is not None and type_ not in known:
            candidate = Candidate(type_, type_, "")
            ranked.append(((rank, -uses, len(_KINDS), len(ranked)), candidate))
    return (candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0]))


def _values(
    dissected: DissectedLine, query: str, index: int, state: AnnouncedState | None
) -> Iterator[Candidate]:
    """Yield candidates for the argument at `index`, from every form that fits those before it."""
    entry = dissected.entry
    if entry is None:
        return
    before = _texts(dissected)[:index]
    typed = query.casefold()
    ranked: dict[str, tuple[int, Candidate]] = {}
    for number in best_forms(entry, before, unfinished=True):
        form = entry.forms[number]
        argument = argument_at(form, index)
        if argument is None:
            continue
        more = any(not later.optional for later in form[index + 1 :])
        then = (entry.separator or SEPARATOR) if more else ""
        for text, summary in _offers(argument, entry, before, state):
            rank = _rank(typed, text)
            if rank is not None and text not in ranked:
                ranked[text] = (rank, Candidate(text, text, summary, then))
    # The sort is stable: names and choices stay in the order in which they were offered.
    yield from (candidate for _, candidate in sorted(ranked.values(), key=lambda pair: pair[0]))


def _offers(
    argument: Argument, entry: Entry, before: tuple[str, ...], state: AnnouncedState | None
) -> Iterator[tuple[str, str]]:
    """Yield values for an argument, each with its origin."""
    creates = argument.type in ("new-model-alias", "new-motion-alias") or (
        argument.type == "new-alias" and entry.refuses_existing
    )
    if argument.default is not None and argument.default not in argument.choices:
        yield argument.default, "default"
    for choice in argument.choices:
        yield choice, "default" if choice == argument.default else ""
    if state is not None and argument.names_kind and not creates:
        owner = before[0] if argument.names_kind == "motion" and before else ""
        for name in state.names(argument.names_kind, owner):
            yield name, argument.names_kind


def _rank(typed: str, name: str) -> int | None:
    """Return how well the typed text (case folded) matches a name: 0 its beginning, 1 first letters
    of its words, 2 a part of it, 3 its letters in order; None not at all."""
    folded = name.casefold()
    if folded.startswith(typed):
        return 0
    if _in_order(typed, "".join(word[:1] for word in folded.replace("|", "_").split("_"))):
        return 1
    if typed in folded:
        return 2
    return 3 if _in_order(typed, folded) else None


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
