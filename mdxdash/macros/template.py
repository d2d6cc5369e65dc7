"""Filling in: `{name}` in a message or a filter becomes a value, `{{` becomes a brace.

What is filled in is plain text to whoever reads it: in a message it can be no further argument
and no further line, in a filter no further term and no wildcard.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from mdxdash.filters.filter import Filter, parse
from mdxdash.filters.terms import AgentTerm, ArgsTerm, TypeTerm, WordTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node, NotNode, Term, terms
from mdxdash.filters.values import Value
from mdxdash.wire.message import SEPARATOR, Message

Lookup = Callable[[str], str]
"""The value of a name. Raises `Unfillable` where it has none."""

_BRACES = re.compile(r"\{\{|\{([^{}]*)\}|\{")
_FILLED_TERMS = (WordTerm, TypeTerm, ArgsTerm, AgentTerm)
"""In an `/expression/` braces count repetitions, and the other terms have fixed values."""


class Unfillable(ValueError):
    """A text whose braces cannot be filled in; `str` of it says why."""


def names_in(text: str) -> tuple[str, ...]:
    """The names that a text wants filled in. Raises Unfillable for a brace that opens nothing."""
    names = []
    for found in _BRACES.finditer(text):
        if found.group() == "{":
            raise Unfillable(
                f'"{text}" has a {{ without }}: expected {{name}}, or {{{{ for a brace'
            )
        if found[1] is not None:
            names.append(found[1])
    return tuple(names)


def fill(text: str, lookup: Lookup) -> str:
    """The text with its names filled in, whatever the values are."""
    return _BRACES.sub(lambda found: lookup(found[1]) if found[1] is not None else "{", text)


def names_in_message(template: Message) -> tuple[str, ...]:
    """The names that a message wants filled in."""
    return (*names_in(template.type), *names_in(template.args))


def fill_message(template: Message, lookup: Lookup) -> Message:
    """The message with its names filled in. Raises Unfillable for a value that would make another
    argument or another line of itself."""

    def value(name: str) -> str:
        text = lookup(name)
        for sign, what in ((SEPARATOR, "a bar"), ("\n", "a newline"), ("\r", "a carriage return")):
            if sign in text:
                raise Unfillable(
                    f"{{{name}}} is {ascii(text) if not text.isprintable() else repr(text)}: "
                    f"a value with {what} is not filled in; take a part of it with "
                    f"{{args[0]}}, {{args[1]}}, …"
                )
        return text

    return Message(fill(template.type, value), fill(template.args, value))


def names_in_filter(filter_: Filter) -> tuple[str, ...]:
    """The names that a filter wants filled in."""
    if filter_.node is None:
        return ()
    texts = (text for term in terms(filter_.node) for text in _plain_parts(term))
    return tuple(name for text in texts for name in names_in(text))


def fill_filter(text: str, lookup: Lookup) -> Filter:
    """The filter of a text that `parse` takes, with its names filled in."""
    filter_ = parse(text)
    return filter_ if filter_.node is None else Filter(_filled(filter_.node, lookup))


def _plain_parts(term: Term) -> Iterator[str]:
    if isinstance(term, _FILLED_TERMS):
        for value in term.values:
            yield from (part for part in value.parts if isinstance(part, str))


def _filled(node: Node, lookup: Lookup) -> Node:
    match node:
        case NotNode():
            return replace(node, part=_filled(node.part, lookup))
        case AllNode() | AnyNode():
            return replace(node, parts=tuple(_filled(part, lookup) for part in node.parts))
        case WordTerm() | TypeTerm() | ArgsTerm() | AgentTerm():
            return replace(node, values=tuple(_filled_value(v, lookup) for v in node.values))
    return node


def _filled_value(value: Value, lookup: Lookup) -> Value:
    parts = (fill(part, lookup) if isinstance(part, str) else part for part in value.parts)
    return replace(value, parts=tuple(part for part in parts if part != ""))
