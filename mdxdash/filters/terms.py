"""The terms of the filter language: each a small class with its code, its help and its predicate.

`TERMS` is what the parser reads by and what the help screen and the README's table are made from.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Self

from mdxdash.events.event import KINDS, Event
from mdxdash.filters.columns.block_predicate import (
    BlockPredicate,
    all_of,
    any_of,
    by_event,
    by_signature,
    with_numbers,
)
from mdxdash.filters.columns.text_search import is_the_only_spelling, texts_that, texts_with
from mdxdash.filters.context import Context
from mdxdash.filters.regex import BoundedPattern, PatternBudget
from mdxdash.filters.time_terms import AfterTerm, BeforeTerm, LastTerm
from mdxdash.filters.tree import Predicate, Term
from mdxdash.filters.values import Value, Wildcard, glob, quoted
from mdxdash.language.translation import N_
from mdxdash.wire.full_width import fold


class DecisionCache(dict[str, bool]):
    """Decides once for each text: types, agents and modules repeat without end."""

    LIMIT = 20_000
    """Texts kept; then it starts again, since an agent that makes up types must not fill the
    memory."""

    def __init__(self, decide: Callable[[str], bool]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, text: str) -> bool:
        if len(self) >= self.LIMIT:
            self.clear()
        decision = self[text] = self._decide(text)
        return decision


_args: Final = attrgetter("args")
_texts: Final = attrgetter("texts")


class WordTerm(Term):
    form = N_('hello  "two words"')
    help = N_("the text is in the type, the arguments or the log line, in any case and width")
    cost = 5

    def compile(self, context: Context) -> Predicate:
        needle = fold(self.values[0].text)
        of_type = DecisionCache(lambda type_: needle in fold(type_))
        if "|" in needle:
            return lambda e: needle in fold(f"{e.type}|{e.args}") or needle in fold(e.text)
        if is_the_only_spelling(needle):
            # No other text is folded to it: folding each event's text would change nothing, and
            # costs most where the text is not ASCII.
            return lambda e: needle in e.args or of_type[e.type] or needle in e.text
        return lambda e: needle in fold(e.args) or of_type[e.type] or needle in fold(e.text)

    def compile_columns(self, context: Context) -> BlockPredicate:
        needle = fold(self.values[0].text)
        in_text = texts_with(needle, _texts)
        # Beside a bar, the rest of the needle is in the type or in the arguments.
        longest = max(needle.split("|"), key=len)
        of_type = DecisionCache(lambda type_: longest in fold(type_))
        in_message = any_of([by_signature(lambda e: of_type[e.type]), texts_with(longest, _args)])
        if longest != needle:
            in_message = all_of([in_message, by_event(self.compile(context))])
        return any_of([in_message, in_text])

    def __str__(self) -> str:
        text = self.values[0].text
        written = quoted((text,), specials="")
        if written == text and (text == "OR" or text[0] in "-/" or re.match("[A-Za-z_]+:", text)):
            return '"' + text.replace("\\", "\\\\") + '"'
        return written


class _GlobTerm(Term):
    """A pattern over one field."""

    def matches(self, text: str) -> bool:
        """Returns whether one of the patterns matches the whole text, in any case and width."""
        folded = fold(text)
        return any(glob(value.parts)(folded) for value in self.values)


class TypeTerm(_GlobTerm):
    code = "type"
    form = "type:RECOG_*  type:A,B"
    help = N_(
        "the whole type is as the pattern; * is any text, ? one character, a comma means either"
    )
    cost = 1
    of_signature = True

    def compile(self, context: Context) -> Predicate:
        matches = DecisionCache(self.matches)
        return lambda e: matches[e.type]


class ArgsTerm(_GlobTerm):
    code = "args"
    form = N_('args:*gene*  args:"0|two words*"')
    help = N_("the whole arguments are as the pattern")
    cost = 6

    def compile(self, context: Context) -> Predicate:
        globs = [glob(value.parts) for value in self.values]
        if len(globs) == 1:
            only = globs[0]
            return lambda e: only(fold(e.args))

        def any_glob(e: Event) -> bool:
            folded = fold(e.args)
            return any(matches(folded) for matches in globs)

        return any_glob

    def compile_columns(self, context: Context) -> BlockPredicate:
        return any_of([_args_like(value) for value in self.values])


def _args_like(value: Value) -> BlockPredicate:
    literals = [fold(part) for part in value.parts if isinstance(part, str)]
    longest = max(literals, key=len, default="")
    within = texts_with(longest, _args)
    match value.parts:
        case (Wildcard.ANY, str(), Wildcard.ANY):
            return within
    return all_of([within, texts_that(glob(value.parts), _args)])


class AgentTerm(_GlobTerm):
    code = "agent"
    form = "agent:chat*"
    help = N_("the agent's whole name is as the pattern")
    cost = 1

    def compile(self, context: Context) -> Predicate:
        matches = DecisionCache(self.matches)
        return lambda e: matches[e.agent]


class ModuleTerm(_GlobTerm):
    code = "module"
    form = "module:VIManager"
    help = N_("log lines that this part of the agent wrote")
    cost = 1
    of_signature = True

    def compile(self, context: Context) -> Predicate:
        matches = DecisionCache(self.matches)
        return lambda e: matches[e.module]


class DirectionTerm(Term):
    code = "dir"
    form = N_("dir:in  dir:out")
    help = N_("in: received from an agent, log lines too; out: sent to one")
    cost = 2
    of_signature = True
    choices = ("in", "out")

    def compile(self, context: Context) -> Predicate:
        kinds = {"in": {"received", "log"}, "out": {"sent"}}
        wanted = frozenset[str]().union(*(kinds[name] for name in self.chosen()))
        return lambda e: e.kind in wanted


class ViaTerm(Term):
    code = "via"
    form = "via:server"
    help = N_(
        "what passed between an agent and your own server behind mdxdash, and that server's state"
    )
    cost = 2
    of_signature = True
    choices = ("server",)

    def compile(self, context: Context) -> Predicate:
        return lambda e: e.via == "server"


class KindTerm(Term):
    code = "kind"
    form = N_("kind:log  kind:fault,refused")
    help = N_("what happened: {kinds}").format(kinds=", ".join(KINDS))
    cost = 2
    of_signature = True
    choices = KINDS

    def compile(self, context: Context) -> Predicate:
        wanted = self.chosen()
        return lambda e: e.kind in wanted


class LevelTerm(Term):
    code = "level"
    form = "level:warning"
    help = N_("log lines of that level or worse: error, warning, status, debug")
    cost = 2
    of_signature = True
    choices = ("error", "warning", "status", "debug")

    def compile(self, context: Context) -> Predicate:
        least = max(self.choices.index(name) for name in self.chosen())
        status = self.choices.index("status")
        # Sent and Captured count as status, and so does a level that is not known yet.
        passes = DecisionCache(
            lambda level: (
                (status if level.lower() not in self.choices else self.choices.index(level.lower()))
                <= least
            )
        )
        return lambda e: e.kind == "log" and passes[e.level]


class MarkTerm(Term):
    code = "is"
    form = N_("is:echo  is:acked  is:lost  is:cut  is:marked")
    help = N_("echoes, acknowledged and lost sendings, cut lines, rows you marked")
    cost = 2
    choices = ("echo", "acked", "lost", "cut", "marked")

    def compile(self, context: Context) -> Predicate:
        marked = context.marked
        predicates: dict[str, Predicate] = {
            "echo": lambda e: e.echo is not None,
            "acked": lambda e: e.round_trip is not None and e.kind == "sent",
            "lost": lambda e: e.lost,
            "cut": lambda e: e.cut,
            "marked": lambda e: e.seq in marked,
        }
        wanted = [predicates[name] for name in sorted(self.chosen())]
        if len(wanted) == 1:
            return wanted[0]
        return lambda e: any(holds(e) for holds in wanted)

    @property
    def needs_signature_only(self) -> bool:
        return "marked" not in self.chosen()

    def compile_columns(self, context: Context) -> BlockPredicate:
        others = tuple(value for value in self.values if value.text.lower() != "marked")
        rest = by_signature(MarkTerm(others).compile(context)) if others else None
        if self.needs_signature_only and rest is not None:
            return rest
        marks = with_numbers(context.marked)
        return marks if rest is None else any_of([rest, marks])


@dataclass(frozen=True)
class RegexTerm(Term):
    form = "/reg.*ex/  /reg.*ex/i"
    help = N_("the expression is found in TYPE|args, or in a log line's text; i: in any case")
    cost = 9

    any_case: bool = False

    @classmethod
    def read_expression(cls, pattern: str, any_case: bool, start: int, end: int) -> Self:
        """The term of a pattern between two slashes. Raises FilterError."""
        term = cls((Value((pattern,)),), start, end, any_case)
        term._pattern()
        return term

    def _pattern(self) -> BoundedPattern:
        return BoundedPattern(self.values[0].text, any_case=self.any_case, position=self.start + 1)

    def compile(self, context: Context) -> Predicate:
        found = self._pattern().matcher(context.budget)
        return lambda e: found((f"{e.type}|{e.args}" if e.args else e.type) or e.text)

    def finder(self, budget: PatternBudget | None) -> Callable[[str], list[tuple[int, int]]]:
        """Makes the function that returns where the expression is found in a text, until it takes
        too long."""
        return self._pattern().finder(budget)

    def __str__(self) -> str:
        pattern = re.sub(r"(\\.)|/", lambda m: m[1] or r"\/", self.values[0].text, flags=re.DOTALL)
        return f"/{pattern}/{'i' if self.any_case else ''}"


TERMS: tuple[type[Term], ...] = (
    WordTerm, TypeTerm, ArgsTerm, AgentTerm, ModuleTerm, DirectionTerm, ViaTerm, KindTerm,
    LevelTerm, MarkTerm, AfterTerm, BeforeTerm, LastTerm, RegexTerm,
)  # fmt: skip
"""Every term, in the order of the help."""

NAMED: dict[str, type[Term]] = {term.code: term for term in TERMS if term.code}
