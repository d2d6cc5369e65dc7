"""The filter that was parsed: one line of text that decides which events pass.

`parse` reads the text, `Filter.compile` makes the function that matches events. The terms are in
`terms` and `time_terms`; `editing` switches types on and off in the text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from mdxdash.events.event import Event
from mdxdash.filters.columns.block_predicate import BlockPredicate
from mdxdash.filters.context import Context
from mdxdash.filters.error import FilterError
from mdxdash.filters.matching import compile_columns, compile_node
from mdxdash.filters.parser import parse_tree
from mdxdash.filters.regex import PatternStopped
from mdxdash.filters.terms import TERMS, RegexTerm, WordTerm
from mdxdash.filters.time_terms import LastTerm
from mdxdash.filters.tree import Node, Predicate, terms
from mdxdash.language.translation import N_

__all__ = ["EMPTY", "TERMS", "Context", "Filter", "FilterError", "help_table", "parse"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was parsed. Filters are equal if their trees are, however they were written."""

    node: Node | None
    """The tree; None for the empty filter."""
    written: str = field(default="", compare=False)
    """The text that it was parsed from; empty if it was made from a tree."""

    @property
    def text(self) -> str:
        """The text that it was parsed from, or one that is parsed as an equal filter."""
        return self.written or str(self)

    @property
    def is_empty(self) -> bool:
        """Whether every event passes, so that the check can be left out."""
        return self.node is None

    @property
    def depends_on_time(self) -> bool:
        """Whether its result for the same event changes as time goes by (`last:30s`)."""
        return self.node is not None and any(
            isinstance(term, LastTerm) for term in terms(self.node)
        )

    @property
    def has_patterns(self) -> bool:
        """Whether there are regular expressions in it, each of which may take milliseconds."""
        return self.node is not None and any(
            isinstance(term, RegexTerm) for term in terms(self.node)
        )

    @property
    def has_words(self) -> bool:
        """Whether it looks for a text, in words or by a regular expression."""
        return self.node is not None and any(
            isinstance(term, WordTerm | RegexTerm) for term in terms(self.node)
        )

    def mentions(self, term: str) -> bool:
        """Returns whether a term is in it, given with a value (`is:echo`) or without (`last`)."""
        code, _, value = term.partition(":")
        return self.node is not None and any(
            each.code == code and (not value or each.mentions(value)) for each in terms(self.node)
        )

    def compile(
        self, context: Context, on_stopped: Callable[[str], None] | None = None
    ) -> Callable[[Event], bool]:
        """Makes the function that returns whether an event passes.

        The function caches its decisions on types, agents and hours, so use one for many events.
        `context` gives it the time and the marks. When a regular expression takes too long, no
        event passes any more: `on_stopped` is called once with the reason; without it the
        function raises `PatternStopped` from then on.
        """
        if self.node is None:
            return _everything
        passes = compile_node(self.node, context)
        if on_stopped is None or not self.has_patterns:
            return passes
        return _stoppable(passes, on_stopped)

    def compile_columns(self, context: Context) -> BlockPredicate:
        """Makes the function that returns which events of a block pass: those for which `compile`
        makes one that returns True. Raises `PatternStopped` when a regular expression takes too
        long; this function then raises it again each time."""
        if self.node is None:
            return lambda part, wanted: wanted
        return compile_columns(self.node, context)

    def __str__(self) -> str:
        """Returns a text that is parsed as an equal filter."""
        return "" if self.node is None else str(self.node)


def _everything(event: Event) -> bool:
    return True


def _stoppable(passes: Predicate, on_stopped: Callable[[str], None]) -> Predicate:
    stopped = False

    def passes_until_stopped(event: Event) -> bool:
        nonlocal stopped
        if stopped:
            return False
        try:
            return passes(event)
        except PatternStopped as error:
            stopped = True
            on_stopped(str(error))
            return False

    return passes_until_stopped


EMPTY = Filter(None)


def parse(text: str) -> Filter:
    """Parses a text; blank text is the empty filter. Raises `FilterError`, and nothing else."""
    node = parse_tree(text)
    return EMPTY if node is None else Filter(node, text)


_OPERATORS = (
    ("a b", N_("both: a space is and")),
    ("a OR b", N_("one or the other, or both; binds less than a space")),
    ("-a  -(a OR b)", "not"),
    ("( )", "grouping"),
)


def help_table() -> tuple[tuple[str, str], ...]:
    """Returns pairs of what can be written and what it matches, for the help screen and the
    README."""
    return tuple((term.form, term.help) for term in TERMS) + _OPERATORS
