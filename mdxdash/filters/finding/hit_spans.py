"""Where the words and expressions of a filter stand in a text, so that they can be lit."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mdxdash.filters.filter import Filter
from mdxdash.filters.regex import SHARED_BUDGET, PatternBudget
from mdxdash.filters.terms import RegexTerm, WordTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node
from mdxdash.wire.full_width import fold


class Span(NamedTuple):
    """A part of a text: `text[start:end]`."""

    start: int
    end: int


SpanFinder = Callable[[str], list[Span]]


def span_finder(filter_: Filter, budget: PatternBudget | None = SHARED_BUDGET) -> SpanFinder:
    """Makes the function that returns where in a text the words and expressions of a filter are:
    in order, none empty, none over another.

    What is wanted to be absent (`-hello`) is left out, and so are terms about a field: they have no
    place in the text. A regular expression that takes too long is found nowhere any more.
    """
    finders = [] if filter_.node is None else [_finder(term, budget) for term in _lit(filter_.node)]

    def spans(text: str) -> list[Span]:
        return _joined(sorted(span for find in finders for span in find(text)))

    return spans


def _lit(node: Node) -> Iterator[WordTerm | RegexTerm]:
    if isinstance(node, WordTerm | RegexTerm):
        yield node
    elif isinstance(node, AllNode | AnyNode):
        for part in node.parts:
            yield from _lit(part)


def _finder(term: WordTerm | RegexTerm, budget: PatternBudget | None) -> SpanFinder:
    if isinstance(term, RegexTerm):
        found = term.finder(budget)
        return lambda text: [Span(start, end) for start, end in found(text) if start < end]
    word = fold(term.values[0].text)
    return lambda text: _word_spans(word, text)


def _word_spans(word: str, text: str) -> list[Span]:
    """Where a folded word is in a text, in any case and width."""
    folded = fold(text)
    if word not in folded:
        return []
    origins = _origins(text)
    return [
        Span(origins[found.start()].start, origins[found.end() - 1].end)
        for found in re.finditer(re.escape(word), folded)
    ]


def _origins(text: str) -> list[Span]:
    """For each character of the folded text, what it was folded from: folding can make several
    characters of one (㌔) and one of several (ｶﾞ)."""
    origins: list[Span] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and not fold(text[start : end + 1]).startswith(fold(text[start:end])):
            end += 1
        origins += [Span(start, end)] * len(fold(text[start:end]))
        start = end
    return origins


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
