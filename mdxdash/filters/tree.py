"""A filter as a tree: terms under not, and, or."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Self

from mdxdash.events.event import Event
from mdxdash.filters.columns.block_predicate import BlockPredicate, by_event, by_signature
from mdxdash.filters.context import Context
from mdxdash.filters.error import FilterError, one_of
from mdxdash.filters.values import Value
from mdxdash.language.translation import N_

Predicate = Callable[[Event], bool]


@dataclass(frozen=True)
class Term:
    """One condition on an event, made from its values. Equal terms match the same events."""

    code: ClassVar[str] = ""
    """The name before the colon; empty for words and expressions."""
    form: ClassVar[str]
    """Examples of how it is written."""
    help: ClassVar[str]
    """What it matches."""
    cost: ClassVar[int]
    """How slow it is: cheap terms (1) are tried before expensive ones (9)."""
    choices: ClassVar[tuple[str, ...]] = ()
    """All values that can be written; empty where any text can."""
    of_signature: ClassVar[bool] = False
    """Whether nothing decides but the fields that a signature has (see `EventBlock`)."""

    values: tuple[Value, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @classmethod
    def read(cls, values: tuple[Value, ...], start: int, end: int) -> Self:
        """Makes the term of its values and its positions in the text. Raises `FilterError` for a
        value that it does not know."""
        if cls.choices:
            for value in values:
                if value.text.lower() not in cls.choices:
                    raise FilterError(
                        value.start,
                        one_of(cls.choices),
                        N_('{code}: knows no "{text}"').format(code=cls.code, text=value.text),
                    )
        return cls(values, start, end)

    def compile(self, context: Context) -> Predicate:
        """Makes the function that returns whether an event passes."""
        raise NotImplementedError

    @property
    def needs_signature_only(self) -> bool:
        """Whether nothing decides but the fields that a signature has."""
        return self.of_signature

    def compile_columns(self, context: Context) -> BlockPredicate:
        """Makes the function that returns which events of a block pass."""
        kind = by_signature if self.needs_signature_only else by_event
        return kind(self.compile(context))

    def mentions(self, value: str) -> bool:
        """Returns whether this value is among its values."""
        return any(each.text.lower() == value.lower() for each in self.values)

    def __str__(self) -> str:
        return f"{self.code}:" + ",".join(map(str, self.values))

    def chosen(self) -> frozenset[str]:
        """Returns the values in lower case."""
        return frozenset(value.text.lower() for value in self.values)


@dataclass(frozen=True)
class NotNode:
    part: "Node"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        # Two signs without parentheses would cancel each other out when they are parsed.
        return f"-({self.part})" if isinstance(self.part, NotNode) else f"-{_inside(self.part)}"


@dataclass(frozen=True)
class AllNode:
    parts: tuple["Node", ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return " ".join(map(_inside, self.parts))


@dataclass(frozen=True)
class AnyNode:
    parts: tuple["Node", ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return " OR ".join(map(_inside, self.parts))


Node = Term | NotNode | AllNode | AnyNode
"""`start` and `end` are its positions in the text, with its parentheses and its minus."""


def _inside(node: Node) -> str:
    return f"({node})" if isinstance(node, AllNode | AnyNode) else str(node)


def terms(node: Node) -> Iterator[Term]:
    """Yields every term of the tree, in the order of the text."""
    match node:
        case NotNode():
            yield from terms(node.part)
        case AllNode() | AnyNode():
            for part in node.parts:
                yield from terms(part)
        case _:
            yield node
