"""How a filter's tree becomes one fast function that matches events.

A part of the tree that speaks of nothing but types becomes one look-up by the event's type.
"""

from mdxdash.events.event import Event
from mdxdash.filters.context import Context
from mdxdash.filters.terms import AnswerCache, TypeTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node, NotNode, Predicate, Term, terms


def is_about_types(node: Node) -> bool:
    """Whether nothing but the type decides."""
    return all(isinstance(term, TypeTerm) for term in terms(node))


def answer_for_type(node: Node, type_: str) -> bool | None:
    """What the type alone decides: True or False for every event of it, None if it depends."""
    match node:
        case TypeTerm():
            return node.matches(type_)
        case NotNode():
            answer = answer_for_type(node.part, type_)
            return None if answer is None else not answer
        case AllNode() | AnyNode():
            answers = [answer_for_type(part, type_) for part in node.parts]
            decisive = isinstance(node, AnyNode)
            if decisive in answers:
                return decisive
            return None if None in answers else not decisive
        case _:
            return None


def compile_node(node: Node, context: Context) -> Predicate:
    """The function that answers for an event."""
    if isinstance(node, Term):
        return node.compile(context)
    if is_about_types(node):
        answers = AnswerCache(lambda type_: answer_for_type(node, type_) is True)
        return lambda e: answers[e.type]
    if isinstance(node, NotNode):
        holds = compile_node(node.part, context)
        return lambda e: not holds(e)
    # The order does not change an answer, but it changes the time: the cheap ones first.
    predicates = [compile_node(part, context) for part in sorted(node.parts, key=_cost)]
    return _all_of(predicates) if isinstance(node, AllNode) else _any_of(predicates)


def _cost(node: Node) -> int:
    return 1 if is_about_types(node) else max(term.cost for term in terms(node))


# A call costs more than most answers, so two and three are written out.


def _all_of(predicates: list[Predicate]) -> Predicate:
    match predicates:
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
