"""Names in a filter that nothing has: such a filter lets nothing pass, mostly by mistake."""

from typing import Final

import msgspec

from mdxdash.catalog.lookup import find
from mdxdash.filters.assistance.completion import KnownNames
from mdxdash.filters.filter import Filter
from mdxdash.filters.terms import AgentTerm, TypeTerm
from mdxdash.filters.tree import Term, terms
from mdxdash.filters.values import Value
from mdxdash.language.translation import N_
from mdxdash.wire.full_width import fold

_KINDS: Final[dict[type[Term], str]] = {TypeTerm: N_("type"), AgentTerm: N_("agent")}


class UnknownName(msgspec.Struct, frozen=True):
    """A whole name that a filter asks for and nothing has."""

    kind: str
    """`type` or `agent`; translated where it is shown."""
    value: Value
    pattern: str
    """The pattern of the names that begin with it; empty if there are none."""


def unknown_name(filter_: Filter, known: KnownNames) -> UnknownName | None:
    """Returns the first such name of a filter; None if there is none. Patterns and names that the
    catalog knows are none."""
    if filter_.node is None:
        return None
    for term in terms(filter_.node):
        if not isinstance(term, TypeTerm | AgentTerm):
            continue
        names = [fold(name) for name in known.named(term.code)]
        for value in term.values:
            name = value.plain
            if name is None or name in names or (term.code == "type" and find(value.text)):
                continue
            begins = any(each.startswith(name) for each in names)
            return UnknownName(_KINDS[type(term)], value, f"{value.text}*" if begins else "")
    return None
