r"""Regular expressions that cannot hang the program.

Python's `re` backtracks, holds the interpreter while it does, and cannot be stopped. A pattern
such as `(a+)+b` takes years on 40 characters, and a filter is applied while it is being typed. So
a pattern is examined before it is used, and refused where the number of ways to try grows too
fast:

* a repetition (or an alternative) inside a repetition: `(a+)+`, `(a|b)*`. Possessive repetitions
  of characters and atomic groups are never tried again, so `(\w++ )+` and `(?>a|b)*` pass.
* two repetitions side by side that can match the same characters: `.*.*`, `\w+\d*`.
* more than `MOST_REPETITIONS` in all.

What is left takes at most a power of the text's length, of which only `LONGEST_TEXT` characters
are matched. A text made for it (`abcabc…`, 2,000 characters, against `a.*b.*c.*d`) can still take
seconds; messages as they are take well under a millisecond.
"""

import re
import warnings
from dataclasses import dataclass

from mdxdash.filters.error import FilterError

LONGEST_TEXT = 2_048
"""Characters of an event that an expression sees. A message is never longer (2,047 bytes);
a log line's text may be."""
MOST_REPETITIONS = 3

_QUANTIFIER = re.compile(r"(?:[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\})")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|N\{[^}]*\}|[0-7]{1,3}|\d\d?|.)", re.DOTALL)
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|\(\w+\)|<[=!]|[=!>:]|[a-zA-Z-]*:))?")
_NO_GROUP = re.compile(r"\(\?(?:#[^)]*|P=\w+|[a-zA-Z]+)\)")
_ANCHORS = frozenset(("^", "$", r"\b", r"\B", r"\A", r"\Z", r"\z"))
_PROBES = "".join(map(chr, range(256))) + "あア漢ー。Ａ"
"""Characters by which two one-character patterns are found to overlap."""
_ENDLESS = 1_000_000


def compile_regex(pattern: str, flags: re.RegexFlag, position: int) -> re.Pattern[str]:
    """Compiles a pattern that starts at `position` in the filter's text.

    Raises `FilterError` if it is no regular expression, or could take too long.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `[[a]` warns on stderr, across the screen
            compiled = re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        at = getattr(error, "pos", None) or 0
        raise FilterError(
            position + at,
            "a regular expression",
            f"/{pattern}/ is none ({getattr(error, 'msg', None) or error})",
        ) from error
    _Scan(pattern, compiled.flags, position).check()
    return compiled


@dataclass
class _Shape:
    """What matters about a part of a pattern for the time it takes."""

    varies: bool = False
    """Whether it can match the same text in more than one way, and tries them."""
    repetitions: int = 0


class _Scan:
    """Walks once through a pattern that is known to compile."""

    def __init__(self, pattern: str, flags: int, position: int) -> None:
        self.pattern = pattern
        self.flags = flags
        self.position = position
        self.at = 0
        self.neighbour = ""
        """The character pattern repeated just before, with no fixed character since."""

    def check(self) -> None:
        if self.flags & re.VERBOSE:
            raise self._error(0, "no verbose flag", "(?x) is for several lines")
        shape = self._alternatives()
        if shape.repetitions > MOST_REPETITIONS:
            raise self._error(
                0,
                f"at most {MOST_REPETITIONS}; several words or expressions with spaces between",
                f"the expression has {shape.repetitions} repetitions and could take very long",
            )

    def _error(self, at: int, expected: str, message: str) -> FilterError:
        return FilterError(self.position + at, expected, message)

    def _alternatives(self) -> _Shape:
        """Reads up to the closing parenthesis or the end."""
        before = self.neighbour
        shape = self._sequence()
        after = self.neighbour
        while self.pattern.startswith("|", self.at):
            self.at += 1
            self.neighbour = before
            other = self._sequence()
            after = after or self.neighbour
            shape = _Shape(True, shape.repetitions + other.repetitions)
        self.neighbour = after
        return shape

    def _sequence(self) -> _Shape:
        shape = _Shape()
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            start = self.at
            atom = self._atom()
            source = self.pattern[start : self.at]
            least, most, possessive = self._quantifier()
            shape.repetitions += self._repetitions(start, atom, most, possessive)
            varies = (atom.varies or least != most) and not possessive
            shape.varies = shape.varies or varies
            if not source.startswith("("):
                if varies and most == _ENDLESS:
                    self._meet_neighbour(start, source)
                elif least and source not in _ANCHORS:
                    self.neighbour = ""
        return shape

    def _meet_neighbour(self, start: int, source: str) -> None:
        if self.neighbour and self._overlap(self.neighbour, source):
            raise self._error(
                start,
                "another character between them, or one of them",
                f"{self.neighbour} and {source} are repeated side by side and match the same,"
                " which can take very long",
            )
        self.neighbour = source

    def _repetitions(self, start: int, atom: _Shape, most: int, possessive: bool) -> int:
        """Returns how many repetitions a quantified atom counts for."""
        if possessive and self.pattern[start] == "(":
            # Python before 3.11.5 matches them wrongly, or fails while it matches (its issues
            # 101955 and 106052).
            raise self._error(
                start, "(?>…) around the group and its repetition", "a group cannot be possessive"
            )
        if atom.varies and (most > MOST_REPETITIONS or (most > 1 and atom.repetitions)):
            raise self._error(
                start,
                "a possessive one inside (`++`, `*+`), an atomic group `(?>…)`, or only one",
                "a repetition or an alternative inside a repetition can take for ever",
            )
        if most == _ENDLESS:
            return atom.repetitions + (not possessive)
        return atom.repetitions * max(most, 1)

    def _atom(self) -> _Shape:
        """Reads one character pattern or one group, without its quantifier."""
        here = self.pattern[self.at]
        if here == "\\":
            self.at = self._end_of(_ESCAPE)
        elif here == "[":
            self.at = self._end_of_class()
        elif here == "(":
            return self._group()
        else:
            self.at += 1
        return _Shape()

    def _end_of(self, expression: re.Pattern[str]) -> int:
        found = expression.match(self.pattern, self.at)
        return found.end() if found else self.at + 1

    def _end_of_class(self) -> int:
        at = self.at + 1
        at += self.pattern.startswith("^", at)
        at += self.pattern.startswith("]", at)  # a bracket right after the opening one is plain
        while self.pattern[at] != "]":
            at += 2 if self.pattern[at] == "\\" else 1
        return at + 1

    def _group(self) -> _Shape:
        if found := _NO_GROUP.match(self.pattern, self.at):
            self.at = found.end()
            return _Shape()
        start = self.at
        self.at = self._end_of(_OPENING)
        opening = self.pattern[start : self.at]
        if opening.endswith(":") and "x" in opening:
            raise self._error(start, "no verbose flag", f"{opening} is for several lines")
        shape = self._alternatives()
        self.at += 1
        once = opening in ("(?>", "(?=", "(?!", "(?<=", "(?<!")  # never tried a second time
        return _Shape(shape.varies and not once, shape.repetitions)

    def _quantifier(self) -> tuple[int, int, bool]:
        """Reads a quantifier: the least and the most times, and whether it is possessive."""
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not found:
            return 1, 1, False
        self.at = found.end()
        match found.group():
            case "*":
                least, most = 0, _ENDLESS
            case "+":
                least, most = 1, _ENDLESS
            case "?":
                least, most = 0, 1
            case braces:
                low, comma, high = braces[1:-1].partition(",")
                least = int(low or 0)
                most = int(high) if high else (_ENDLESS if comma else least)
        if most != least and most > 10:  # as bad as one without an end
            most = _ENDLESS
        return least, most, self._is_possessive()

    def _is_possessive(self) -> bool:
        sign = self.pattern[self.at : self.at + 1]
        if sign and sign in "+?":
            self.at += 1
        return sign == "+"

    def _overlap(self, one: str, other: str) -> bool:
        flags = re.RegexFlag(self.flags) & (re.IGNORECASE | re.DOTALL | re.ASCII)
        try:
            first, second = re.compile(one, flags), re.compile(other, flags)
        except re.error:  # a reference to a group means nothing alone: take the worst
            return True
        return any(first.fullmatch(c) and second.fullmatch(c) for c in _PROBES)
