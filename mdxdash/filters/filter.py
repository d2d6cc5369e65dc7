"""The filter language: one line of text that says which events to show, wait for or answer to.

`parse` reads it, `Filter.compile` makes the function that answers for an event. The terms are in
`filter_terms`, switching types on and off in the text in `filter_edit`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mdxdash.events.event import Event
from mdxdash.filters.parser import parse_tree
from mdxdash.filters.context import Context
from mdxdash.filters.error import FilterError
from mdxdash.filters.matching import compile_node
from mdxdash.filters.terms import TERMS
from mdxdash.filters.time_terms import LastTerm
from mdxdash.filters.tree import Node, terms

__all__ = ["EMPTY", "TERMS", "Context", "Filter", "FilterError", "help_table", "parse"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read. Equal if the trees are, however they were written."""

    node: Node | None
    """The tree; None for the empty filter."""

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything pass, so that nobody need ask."""
        return self.node is None

    @property
    def moving(self) -> bool:
        """Whether its answer for an event changes as time goes by (`last:30s`)."""
        return self.node is not None and any(
            isinstance(term, LastTerm) for term in terms(self.node)
        )

    def names(self, term: str) -> bool:
        """Whether the text speaks of a term, with or without a value: `is:echo`, `last`."""
        code, _, value = term.partition(":")
        return self.node is not None and any(
            each.code == code and (not value or each.names(value)) for each in terms(self.node)
        )

    def compile(self, context: Context) -> Callable[[Event], bool]:
        """The function that says whether an event passes.

        It keeps what it found out about types and hours, so use one for many events.
        """
        return _everything if self.node is None else compile_node(self.node, context)

    def __str__(self) -> str:
        """A text of it that reads back as an equal filter."""
        return "" if self.node is None else str(self.node)


def _everything(event: Event) -> bool:
    return True


EMPTY = Filter(None)


def parse(text: str) -> Filter:
    """The filter of a text; blank text is the empty one. Raises FilterError, and nothing else."""
    node = parse_tree(text)
    return EMPTY if node is None else Filter(node)


_OPERATORS = (
    ("a b", "both: a space is and"),
    ("a OR b", "one or the other, or both; binds less than a space"),
    ("-a  -(a OR b)", "not"),
    ("( )", "grouping"),
)


def help_table() -> tuple[tuple[str, str], ...]:
    """What can be written and what it matches, for the help screen and the README."""
    return tuple((term.form, term.help) for term in TERMS) + _OPERATORS
