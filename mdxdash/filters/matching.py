"""How a filter's tree becomes one fast function that matches events, and one that matches blocks.

A part of the tree that depends on nothing but the type becomes one look-up by the event's type; for
blocks, one that depends on nothing but what is in a signature becomes one look-up by that.
"""

from mdxdash.events.event import Event
from mdxdash.filters.columns.block_predicate import (
    BlockPredicate,
    all_of,
    any_of,
    by_signature,
    not_of,
)
from mdxdash.filters.context import Context
from mdxdash.filters.terms import DecisionCache, TypeTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node, NotNode, Predicate, Term, terms


def is_about_types(node: Node) -> bool:
    """Returns whether nothing but the event's type decides."""
    return all(isinstance(term, TypeTerm) for term in terms(node))


def type_decision(node: Node, type_: str) -> bool | None:
    """Returns what a type alone decides: True if every event of it passes, False if none does, None
    if it depends on more."""
    match node:
        case TypeTerm():
            return node.matches(type_)
        case NotNode():
            decision = type_decision(node.part, type_)
            return None if decision is None else not decision
        case AllNode() | AnyNode():
            decisions = [type_decision(part, type_) for part in node.parts]
            decisive = isinstance(node, AnyNode)
            if decisive in decisions:
                return decisive
            return None if None in decisions else not decisive
        case _:
            return None


def compile_node(node: Node, context: Context) -> Predicate:
    """Makes the function that returns whether an event passes."""
    if isinstance(node, Term):
        return node.compile(context)
    if is_about_types(node):
        passes = DecisionCache(lambda type_: type_decision(node, type_) is True)
        return lambda e: passes[e.type]
    if isinstance(node, NotNode):
        holds = compile_node(node.part, context)
        return lambda e: not holds(e)
    # The order does not change the result, but it changes the time: the cheap ones first.
    predicates = [compile_node(part, context) for part in sorted(node.parts, key=_cost)]
    return _all_of(predicates) if isinstance(node, AllNode) else _any_of(predicates)


def compile_columns(node: Node, context: Context) -> BlockPredicate:
    """Makes the function that returns which events of a block pass."""
    if _needs_signature_only(node):
        return by_signature(compile_node(node, context))
    if isinstance(node, Term):
        return node.compile_columns(context)
    if isinstance(node, NotNode):
        return not_of(compile_columns(node.part, context))
    together = tuple(part for part in node.parts if _needs_signature_only(part))
    others = [part for part in node.parts if not _needs_signature_only(part)]
    predicates = [compile_columns(part, context) for part in sorted(others, key=_cost)]
    if together:
        predicates.insert(0, by_signature(compile_node(type(node)(together), context)))
    return all_of(predicates) if isinstance(node, AllNode) else any_of(predicates)


def _needs_signature_only(node: Node) -> bool:
    return all(term.needs_signature_only for term in terms(node))


def _cost(node: Node) -> int:
    return 1 if is_about_types(node) else max(term.cost for term in terms(node))


# A call costs more than most comparisons, so two and three are written out.


def _all_of(predicates: list[Predicate]) -> Predicate:
    match predicates:
        case [a]:
            return a
        case [a, b]:
            return lambda e: a(e) and b(e)
        case [a, b, c]:
            return lambda e: a(e) and b(e) and c(e)

    def all_of(e: Event) -> bool:
        for holds in predicates:  # noqa: SIM110 - all() would make a generator for each event
            if not holds(e):
                return False
        return True

    return all_of


def _any_of(predicates: list[Predicate]) -> Predicate:
    match predicates:
        case [a]:
            return a
        case [a, b]:
            return lambda e: a(e) or b(e)
        case [a, b, c]:
            return lambda e: a(e) or b(e) or c(e)

    def any_of(e: Event) -> bool:
        for holds in predicates:  # noqa: SIM110 - any() would make a generator for each event
            if holds(e):
                return True
        return False

    return any_of
