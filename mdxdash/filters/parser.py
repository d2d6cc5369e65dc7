"""From the text of a filter to its tree.

either := all ("OR" all)*
all    := not+
not    := "-"* one
one    := "(" either ")" | "/" expression "/" ["i"] | name ":" value ("," value)* | word

Full-width forms of ASCII characters, as an input method types them, are read as these characters,
except inside quotes and in an expression whose first slash is a plain one.
"""

import difflib
import itertools
import re
from dataclasses import replace

from mdxdash.filters.error import FilterError
from mdxdash.filters.terms import NAMED, RegexTerm, WordTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node, NotNode, Term
from mdxdash.filters.values import ENDS_A_WORD, ESCAPED, Fragment, Value, Wildcard
from mdxdash.language.translation import N_
from mdxdash.wire.full_width import half_width

DEEPEST = 40
"""The most parentheses inside one another: far beyond use, far below Python's recursion limit."""

_NAME = re.compile(r"([A-Za-z_]+):")
_EXPRESSION = re.compile(r"((?:\\.|[^\\/])*)/", re.DOTALL)
_FLAG = re.compile(r"[^\s()]*")
_WILDS = {wild.value: wild for wild in Wildcard}


def parse_tree(text: str) -> Node | None:
    """Parses a text; None if it is blank. Raises `FilterError`, and nothing else."""
    parser = _Parser(text)
    parser.skip_space()
    if parser.at_end():
        return None
    node = parser.either()
    if not parser.at_end():
        raise FilterError(parser.at, N_('a term, or a "(" before it'), N_('")" closes nothing'))
    return node


class _Parser:
    """Walks the text once; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.typed = text
        self.text = half_width(text)
        self.at = 0
        self.depth = 0

    def at_end(self) -> bool:
        return self.at >= len(self.text)

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip_space(self) -> None:
        while self.next().isspace():
            self.at += 1

    def either(self) -> Node:
        parts = [self.all()]
        while self.takes_or():
            parts.append(self.all())
        if len(parts) == 1:
            return parts[0]
        return AnyNode(tuple(parts), parts[0].start, parts[-1].end)

    def takes_or(self) -> bool:
        if not self.sees_or():
            return False
        self.at += 2
        self.skip_space()
        return True

    def sees_or(self) -> bool:
        after = self.text[self.at + 2 : self.at + 3]
        return self.text.startswith("OR", self.at) and (
            not after or after.isspace() or after in "()"
        )

    def all(self) -> Node:
        parts = [self.signed()]
        self.skip_space()
        while not self.at_end() and self.next() != ")" and not self.sees_or():
            parts.append(self.signed())
            self.skip_space()
        if len(parts) == 1:
            return parts[0]
        return AllNode(tuple(parts), parts[0].start, parts[-1].end)

    def signed(self) -> Node:
        """Reads a term or a group, with any minus before it."""
        start = self.at
        while self.next() == "-":
            self.at += 1
        if self.at_end() or self.next().isspace() or self.next() == ")" or self.sees_or():
            raise FilterError(self.at, N_("a term, such as type:RECOG_* or hello"), self._nothing())
        odd = (self.at - start) % 2 == 1
        node = self.group() if self.next() == "(" else self.term()
        return NotNode(node, start, self.at) if odd else replace(node, start=start, end=self.at)

    def _nothing(self) -> str:
        before = self.text[: self.at].rstrip()
        if before.endswith("-"):
            return N_('nothing stands after "-"')
        if self.sees_or():
            return N_('nothing stands before "OR"')
        if before.endswith("OR"):
            return N_('nothing stands after "OR"')
        return N_("nothing stands here")

    def group(self) -> Node:
        start = self.at
        self.depth += 1
        if self.depth > DEEPEST:
            raise FilterError(
                start,
                N_("fewer parentheses"),
                N_("more than {most} in one another").format(most=DEEPEST),
            )
        self.at += 1
        self.skip_space()
        node = self.either()
        if self.next() != ")":
            raise FilterError(
                len(self.text), '")"', N_('"(" at {start} is not closed').format(start=start + 1)
            )
        self.at += 1
        self.depth -= 1
        return replace(node, start=start, end=self.at)

    def term(self) -> Term:
        start = self.at
        if self.next() == "/":
            term: Term = self.expression()
        elif found := _NAME.match(self.text, start):
            kind = self._named(found[1], start)
            self.at = found.end()
            values = self.values(
                N_("a value right after {found}, as in {form}").format(
                    found=found[0], form=kind.form
                )
            )
            term = kind.read(values, start, self.at)
        else:
            text = self.value("", "a word").text
            if not text:
                raise FilterError(
                    start, N_("a word between the quotes"), N_("the quotes are empty")
                )
            term = WordTerm((Value((text,)),), start, self.at)
        if self.next() == "(":
            raise FilterError(
                self.at,
                N_("a space before it, or quotes around the text"),
                N_('"(" stands in a word'),
            )
        return term

    def _named(self, name: str, start: int) -> type[Term]:
        if name.lower() in NAMED:
            return NAMED[name.lower()]
        near = difflib.get_close_matches(name.lower(), NAMED, 1, 0.5)
        guess = (
            f"{near[0]}:"
            if near
            else N_("one of {value}").format(value=", ".join(f"{code}:" for code in NAMED))
        )
        raise FilterError(
            start,
            N_("{guess} (or quotes around it, for text)").format(guess=guess),
            N_('there is no term "{name}:"').format(name=name),
        )

    def values(self, expected: str) -> tuple[Value, ...]:
        values = [self.value(",", expected)]
        while self.next() == ",":
            self.at += 1
            values.append(self.value(",", N_("a value right after the comma")))
        return tuple(values)

    def value(self, ends: str, expected: str) -> Value:
        """Reads text, bare or in quotes, up to white space, a parenthesis or one of `ends`."""
        start = self.at
        found: list[Fragment] = []
        while not self.at_end() and not self.ends_bare(ends):
            if self.next() == '"':
                self.quotation(found)
            else:
                found.append(_WILDS.get(self.next(), self.next()))
                self.at += 1
        if self.at == start:
            raise FilterError(start, expected, N_("a value is missing"))
        return Value(_joined(found), start, self.at)

    def ends_bare(self, ends: str) -> bool:
        here = self.next()
        return here.isspace() or here in ends or (here != '"' and here in ENDS_A_WORD)

    def quotation(self, found: list[Fragment]) -> None:
        start = self.at
        self.at += 1
        # What is opened by a full-width quote is closed by either.
        text = self.typed
        closing = '"' if text[start] == '"' else f'"{text[start]}'
        while self.at_end() or text[self.at] not in closing:
            if self.at_end():
                raise FilterError(
                    self.at,
                    N_("a closing quote"),
                    N_("the quote at {start} is open").format(start=start + 1),
                )
            here, after = text[self.at], text[self.at + 1 : self.at + 2]
            if here == "\\" and after and after in ESCAPED:
                found.append(after)
                self.at += 2
            else:
                found.append(_WILDS.get(here, here))
                self.at += 1
        self.at += 1

    def expression(self) -> Term:
        start = self.at
        # Japanese text in an expression may hold full-width characters. Only where the slash was
        # typed with an input method on, so was what follows.
        source = self.typed if self.typed[start] == "/" else self.text
        found = _EXPRESSION.match(source, start + 1)
        if not found:
            raise FilterError(
                len(self.text),
                N_('a closing "/" (or quotes around it, for text)'),
                N_('the expression that "/" at {start} opens has no end').format(start=start + 1),
            )
        pattern, flag_start = found[1].replace(r"\/", "/"), found.end()
        rest = _FLAG.match(self.text, flag_start)
        flag = "" if rest is None else rest[0]
        self.at = flag_start + len(flag)
        if not pattern:
            raise FilterError(
                start + 1, N_("an expression"), N_("nothing stands between the slashes")
            )
        if flag not in ("", "i"):
            raise FilterError(
                flag_start,
                N_('"i" or a space; a slash inside is written \\/, text in quotes'),
                N_('"{flag}" stands right after the expression').format(flag=flag),
            )
        return RegexTerm.read_expression(pattern, flag == "i", start, self.at)


def _joined(found: list[Fragment]) -> tuple[Fragment, ...]:
    """Joins neighbouring characters into one text."""
    parts: list[Fragment] = []
    for is_text, group in itertools.groupby(found, lambda part: isinstance(part, str)):
        pieces = list(group)
        parts.extend(["".join(map(str, pieces))] if is_text else pieces)
    return tuple(parts)
