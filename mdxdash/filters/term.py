"""What a term of the filter language is, and what it may ask beyond the event."""

import time as clock
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import ClassVar, Self

from mdxdash.events.event import Event
from mdxdash.filters.text import FilterError, Value

Predicate = Callable[[Event], bool]


def local_offset(time: float) -> float:
    """Seconds that this machine's clock is ahead of UTC at a Unix time."""
    try:
        return clock.localtime(time).tm_gmtoff
    except (OverflowError, OSError, ValueError):
        return 0.0  # a time that no calendar has, from a damaged recording: show it as UTC


@dataclass(frozen=True, slots=True)
class Context:
    """What an event does not know, and a filter needs to answer."""

    now: Callable[[], float]
    """Unix time, seconds."""
    marked: Container[int]
    """The `seq` of the marked events; asked anew for each event."""
    offset: Callable[[float], float] = local_offset
    """Seconds ahead of UTC at a Unix time, for times of day."""


class AnswerCache(dict[str, bool]):
    """The answer for each text, found once: types, agents and modules repeat without end."""

    LIMIT = 20_000
    """Then it starts again: an agent that makes up types must not fill the memory."""

    def __init__(self, question: Callable[[str], bool]) -> None:
        super().__init__()
        self._question = question

    def __missing__(self, text: str) -> bool:
        if len(self) >= self.LIMIT:
            self.clear()
        answer = self[text] = self._question(text)
        return answer


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
    """Cheap terms (1) are asked before dear ones (9)."""
    choices: ClassVar[tuple[str, ...]] = ()
    """All values there are; empty where any text is one."""

    values: tuple[Value, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @classmethod
    def read(cls, values: tuple[Value, ...], start: int, end: int) -> Self:
        """The term with its values checked. Raises FilterError."""
        if cls.choices:
            for value in values:
                if value.text.lower() not in cls.choices:
                    raise FilterError(
                        value.start,
                        either(cls.choices),
                        f'{cls.code}: knows no "{value.text}"',
                    )
        return cls(values, start, end)

    def compile(self, context: Context) -> Predicate:
        raise NotImplementedError

    def names(self, value: str) -> bool:
        """Whether the text gives this value."""
        return any(each.text.lower() == value.lower() for each in self.values)

    def __str__(self) -> str:
        return f"{self.code}:" + ",".join(map(str, self.values))

    def chosen(self) -> frozenset[str]:
        return frozenset(value.text.lower() for value in self.values)


def either(choices: tuple[str, ...]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last
