"""Filling in: `{name}` in a message or a filter becomes a value, `{{` becomes a brace.

A value stays plain text: in a message it cannot add an argument or a line, in a filter it cannot
add a term or a wildcard.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from mdxdash.filters.filter import Filter
from mdxdash.filters.terms import AgentTerm, ArgsTerm, TypeTerm, WordTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node, NotNode, Term, terms
from mdxdash.filters.values import Value
from mdxdash.language.translation import N_
from mdxdash.wire.message import SEPARATOR, Message

Lookup = Callable[[str], str]
"""Returns the value of a name. Raises UnfillableError for a name that has none."""

_BRACES = re.compile(r"\{\{|\{([^{}]*)\}|\{")
_FILLED_TERMS = (WordTerm, TypeTerm, ArgsTerm, AgentTerm)
"""In an `/expression/` braces count repetitions, and the other terms have fixed values."""


class UnfillableError(ValueError):
    """The braces of a text cannot be filled in; the text gives the reason."""


def names_in(text: str) -> tuple[str, ...]:
    """Returns the names in a text's braces. Raises UnfillableError for a brace without an end."""
    names = []
    for found in _BRACES.finditer(text):
        if found.group() == "{":
            raise UnfillableError(
                f'"{text}" has a {{ without }}: expected {{name}}, or {{{{ for a brace'
            )
        if found[1] is not None:
            names.append(found[1])
    return tuple(names)


def escape_braces(text: str) -> str:
    """Returns the template that is filled in as this plain text."""
    return text.replace("{", "{{")


def fill(text: str, lookup: Lookup) -> str:
    """Returns the text with its names filled in, whatever the values are."""
    return _BRACES.sub(lambda found: lookup(found[1]) if found[1] is not None else "{", text)


def names_in_message(template: Message) -> tuple[str, ...]:
    """Returns the names in a message's braces. Raises UnfillableError as `names_in`."""
    return (*names_in(template.type), *names_in(template.args))


def fill_message(template: Message, lookup: Lookup) -> Message:
    """Returns the message with its names filled in. Raises UnfillableError for a value that would
    add an argument or a line."""

    def value(name: str) -> str:
        text = lookup(name)
        for sign, what in (
            (SEPARATOR, "a bar"),
            ("\n", "a newline"),
            ("\r", N_("a carriage return")),
        ):
            if sign in text:
                raise UnfillableError(
                    N_(
                        "{{{name}}} is {text}: "
                        "a value with {what} is not filled in; take a part of it with "
                        "{{args[0]}}, {{args[1]}}, …"
                    ).format(
                        name=name,
                        text=ascii(text) if not text.isprintable() else repr(text),
                        what=what,
                    )
                )
        return text

    return Message(fill(template.type, value), fill(template.args, value))


def names_in_filter(template: Filter) -> tuple[str, ...]:
    """Returns the names in the braces of a filter's values. Raises UnfillableError as
    `names_in`."""
    if template.node is None:
        return ()
    texts = (text for term in terms(template.node) for text in _plain_parts(term))
    return tuple(name for text in texts for name in names_in(text))


def fill_filter(template: Filter, lookup: Lookup) -> Filter:
    """Returns the filter with its names filled in. Its tree is filled in, so nothing is parsed."""
    return template if template.node is None else Filter(_filled(template.node, lookup))


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
