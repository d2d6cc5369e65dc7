r"""Regular expressions whose time is bounded.

A filter is applied to every event while it is being typed, and a pattern such as `(a|aa)+b` can
take years on one line. The `regex` library stops a search that takes too long; two more bounds
are needed, as was tried:

* Compiling is not covered by the library's time-out, and `(((a{100}){100}){100}){100}` takes
  gigabytes. So a pattern whose counted repetitions multiply to over `MAX_EXPANSION` is refused.
* A pattern that takes 4 ms on each of 200,000 events never runs into a time-out. So all patterns
  together may take a fifth of the last second (`PatternBudget`).

A search over either bound raises `PatternStopped`, and so does every later one of that matcher.
"""

import re
import warnings
from collections.abc import Callable
from time import perf_counter
from typing import Final

from mdxdash.filters.error import FilterError
from mdxdash.language.translation import N_

LONGEST_TEXT: Final = 2_048
"""Characters of an event that a pattern sees. A message is never longer (2,047 bytes, PROTOCOL.md);
a log line's text may be."""

MAX_EXPANSION: Final = 10_000
"""How often a part of a pattern may be repeated by its counts, nested ones multiplied."""

EVENT_SECONDS: Final = 0.005
"""Seconds that one search may take."""

SHARE: Final = 0.2
"""Seconds that all patterns together may take of each second."""

FREE_SECONDS: Final = 20e-6
"""Seconds of a search that are not counted, as any other term of a filter may take them too.
A harmless pattern stays below."""

_COUNT = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_ESCAPE = re.compile(r"\\(?:[pPN]\{[^}]*\}|.)", re.DOTALL)


class PatternStopped(Exception):
    """A pattern took too long, and matches nothing more until it is changed. The text names it."""


class PatternBudget:
    """The time that all patterns of this process may take while the hub runs.

    `clock` gives seconds that only go forward. It is not thread-safe and need not be exact: a lost
    update lets a pattern take some milliseconds more.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self._left = SHARE
        self._at = clock()

    def spend(self, seconds: float) -> bool:
        """Counts a search that took `seconds`. False if that is more than there was."""
        now = self.clock()
        self._left = min(SHARE, self._left + (now - self._at) * SHARE) - seconds
        self._at = now
        return self._left >= 0


SHARED_BUDGET: Final = PatternBudget()
"""For patterns that run in the event loop, beside the agents."""


class BoundedPattern:
    """A compiled pattern. `matcher` makes functions that search with it."""

    def __init__(self, pattern: str, *, any_case: bool, position: int) -> None:
        """Raises FilterError if `pattern` is no regular expression, or is too large to compile;
        `position` is where it starts in the filter's text."""
        import regex  # noqa: PLC0415  15 ms to load, which a start without a pattern need not wait

        self.text = pattern
        expansion = expanded_size(pattern)
        if expansion > MAX_EXPANSION:
            raise FilterError(
                position,
                N_("counts that multiply to {most:,} or less").format(most=MAX_EXPANSION),
                N_("/{pattern}/ repeats a part of it {expansion:,} times").format(
                    pattern=pattern, expansion=expansion
                ),
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # `[[a]` warns on stderr, across the screen
                self._compiled = regex.compile(
                    pattern, regex.VERSION0 | (regex.IGNORECASE if any_case else 0)
                )
        # The library raises other errors too for some patterns (KeyError for `\L<name>`).
        except Exception as error:
            raise FilterError(
                position + (getattr(error, "pos", None) or 0),
                N_("a regular expression"),
                N_("/{pattern}/ is none ({error})").format(
                    pattern=pattern, error=getattr(error, "msg", None) or error
                ),
            ) from error

    def matcher(self, budget: PatternBudget | None) -> Callable[[str], bool]:
        """Returns a function that returns whether the pattern is found in a text.

        It raises PatternStopped when a search takes over `EVENT_SECONDS`, or the searches more than
        `budget` has (None: they may), and from then on each time.
        """
        search = self._compiled.search
        stopped = ""

        def found(text: str) -> bool:
            nonlocal stopped
            if stopped:
                raise PatternStopped(stopped)
            began = perf_counter()
            try:
                found_one = search(text[:LONGEST_TEXT], timeout=EVENT_SECONDS) is not None
            except TimeoutError:
                stopped = N_("/{text}/ took over {seconds:.0f} ms on one event").format(
                    text=self.text, seconds=EVENT_SECONDS * 1000
                )
                raise PatternStopped(stopped) from None
            if budget is not None:
                took = perf_counter() - began - FREE_SECONDS
                if took > 0 and not budget.spend(took):
                    stopped = N_("/{text}/ took over {share:.0%} of a second").format(
                        text=self.text, share=SHARE
                    )
                    raise PatternStopped(stopped)
            return found_one

        return found

    def finder(self, budget: PatternBudget | None) -> Callable[[str], list[tuple[int, int]]]:
        """Returns a function that returns where the pattern is found in a text: starts and ends.

        It finds nothing any more when a search took over `EVENT_SECONDS`, or the searches more than
        `budget` has (None: they may).
        """
        search = self._compiled.finditer
        stopped = False

        def found(text: str) -> list[tuple[int, int]]:
            nonlocal stopped
            if stopped:
                return []
            began = perf_counter()
            try:
                spans = [each.span() for each in search(text[:LONGEST_TEXT], timeout=EVENT_SECONDS)]
            except TimeoutError:
                stopped = True
                return []
            if budget is not None:
                stopped = not budget.spend(max(0.0, perf_counter() - began - FREE_SECONDS))
            return spans

        return found


def expanded_size(pattern: str) -> int:
    """How large the pattern becomes when its counted repetitions are written out, in atoms.

    A walk over parentheses, classes and counts, not a parser: it reads more counts than there are
    (in a comment of `(?x)`), never fewer.
    """
    sizes, last, at = [0], 0, 0  # of each open group so far; of the last atom
    while at < len(pattern):
        if escape := _ESCAPE.match(pattern, at):
            last, at = 1, escape.end()
            sizes[-1] += last
        elif pattern[at] == "[":
            last, at = 1, _class_end(pattern, at)
            sizes[-1] += last
        elif pattern[at] == "(":
            sizes.append(0)
            last, at = 0, at + 1
        elif pattern[at] == ")":
            last, at = max(1, sizes.pop() if len(sizes) > 1 else sizes[-1]), at + 1
            sizes[-1] += last
        elif count := _COUNT.match(pattern, at):
            times = max(int(number) for number in (count[1] or "0", count[3] or "0", "1"))
            sizes[-1] += last * (times - 1)
            last, at = last * times, count.end()
        else:
            if pattern[at] not in "*+?|^$":
                last = 1
                sizes[-1] += last
            at += 1
    return sum(sizes)


def _class_end(pattern: str, start: int) -> int:
    """The position behind the character class that opens at `start`."""
    at = start + 1
    if pattern[at : at + 1] == "^":
        at += 1
    if pattern[at : at + 1] == "]":  # it stands for itself there
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
