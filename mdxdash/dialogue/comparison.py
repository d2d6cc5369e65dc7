"""Compares two sessions turn by turn: what is new, missing, reordered, answered otherwise or later.

Turns are aligned by what the user said, or by what the agent said unasked.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec

from mdxdash.dialogue.latencies import Durations
from mdxdash.dialogue.significance import LEAST, chance, is_more_than_noise, stand_out
from mdxdash.dialogue.turn import Turn
from mdxdash.language.translation import N_, _, ngettext

TURNS_MAX: Final = 5000
"""Turns of each session that are compared: aligning takes time with the square of their number."""

Difference = Literal["", "answered otherwise", "late", "missing", "new", "reordered"]
"""How a turn differs; `late` if its answer came far later than the change of the others explains,
empty if it does not differ, but for its latency."""

SIGNS: Final[dict[Difference, str]] = {
    "": "=",
    "answered otherwise": "~",
    "late": "!",
    "missing": "-",
    "new": "+",
    "reordered": ">",
}
"""The sign of each difference."""


class Pair(msgspec.Struct, frozen=True):
    """A turn of the old session and the one of the new session that is like it."""

    old: Turn | None
    new: Turn | None
    difference: Difference = ""

    @property
    def change(self) -> float | None:
        """How much later the answer came, in seconds; None if one of them has none."""
        if self.old is None or self.new is None:
            return None
        before, after = self.old.latency, self.new.latency
        return None if before is None or after is None else after - before


class Change(msgspec.Struct, frozen=True):
    """How a latency changed between two sessions; seconds."""

    name: str
    old: Durations
    new: Durations

    def of(self, share: float) -> tuple[float | None, float | None, float | None]:
        """Returns a percentile before and after, and the difference."""
        before, after = self.old.quantile(share), self.new.quantile(share)
        both = before is not None and after is not None
        return before, after, (after or 0.0) - (before or 0.0) if both else None


class Comparison:
    """Two sessions beside each other."""

    def __init__(self, old: Sequence[Turn], new: Sequence[Turn]) -> None:
        """The turns are complete, in order; of very many the first `TURNS_MAX` are compared."""
        self.left_out = max(0, len(old) - TURNS_MAX) + max(0, len(new) - TURNS_MAX)
        pairs = [*_align(old[:TURNS_MAX], new[:TURNS_MAX])]
        self.late = tuple(_late_ones(pairs))
        """Those whose answer came far later than the change of the others explains, also where they
        differ otherwise."""
        self.pairs = tuple(_marked(pairs, self.late))
        """In the order of the new session, what is missing where it was."""
        self.changes = tuple(
            Change(name, _durations(self.pairs, "old", field), _durations(self.pairs, "new", field))
            for name, field in (
                ("answer", "latency"),
                ("decided", "deciding"),
                ("voice", "synthesis"),
                ("mouth", "lips"),
            )
        )
        """Of turns that are in both sessions and answered in both."""
        self.differences = [change for pair in self.pairs if (change := pair.change) is not None]
        self.chance = chance(self.differences)
        """How likely chance alone brings such a change."""
        self.changed = is_more_than_noise(self.differences)
        """Whether the answers came later, or earlier, by more than the noise."""

    @property
    def mean_change(self) -> float:
        """How much later the answers came in the mean, in seconds; 0 without any."""
        return sum(self.differences) / len(self.differences) if self.differences else 0.0

    def count(self, difference: Difference) -> int:
        """Returns how many turns differ so."""
        return sum(pair.difference == difference for pair in self.pairs)

    def slower_by(self, part: float) -> bool:
        """Returns whether the answers are slower by more than the noise, and their median or their
        95th percentile by more than `part` (0.2 for 20 %); or one that is far later than the others
        by more than that part."""
        for pair in self.late:
            before = None if pair.old is None else pair.old.latency
            if before is not None and pair.change is not None and pair.change > part * before:
                return True
        if not self.changed or self.mean_change <= 0:
            return False
        answer = self.changes[0]
        for share in (0.5, 0.95):
            before, _, change = answer.of(share)
            if before is not None and change is not None and change > part * before:
                return True
        return False

    def verdict(self) -> str:
        """Returns in words whether the latencies changed."""
        if not self.differences:
            return _("No turn is answered in both sessions.")
        number = len(self.differences)
        count = ngettext("{number:,} turn", "{number:,} turns", number).format(number=number)
        if later := len(self.late):
            text = ngettext(
                "{later:,} turn stands out: {worst:,.0f} ms later.",
                "{later:,} turns stand out: up to {worst:,.0f} ms later.",
                later,
            )
            worst = max(pair.change or 0.0 for pair in self.late)
            far = " " + text.format(later=later, worst=worst * 1000)
        else:
            far = ""
        if not self.changed and abs(self.mean_change) < LEAST:
            text = _("The answers take as long as before: no change beyond the noise in {count}.")
            return text.format(count=count) + far
        word = _("later") if self.mean_change > 0 else _("earlier")
        mean = _("{change:,.0f} ms {word} in the mean of {count}").format(
            change=abs(self.mean_change) * 1000, word=word, count=count
        )
        likely = f"{self.chance:.1%}" if self.chance >= 0.001 else _("less than 0.1%")
        text = (
            _(
                "The answers come {mean}. That is more than the noise: by chance alone it would "
                "happen in {likely} of cases."
            )
            if self.changed
            else _(
                "The answers come {mean}. That can be noise: by chance alone it would happen in "
                "{likely} of cases."
            )
        )
        return text.format(mean=mean, likely=likely) + far


def key(turn: Turn) -> str:
    """Returns by what a turn is aligned."""
    return f"unasked|{turn.text}" if turn.words is None else f"user|{turn.words}"


def answers(turn: Turn) -> tuple[tuple[str, str], ...]:
    """Returns what is compared of an answer: who said what, as far as it was heard."""
    return tuple((each.model, each.text) for each in turn.speeches if each.voice is not None)


def _align(old: Sequence[Turn], new: Sequence[Turn]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, [*map(key, old)], [*map(key, new)], autojunk=False)
    codes = matcher.get_opcodes()
    elsewhere: dict[str, list[Turn]] = defaultdict(list)
    for tag, low, high, _start, _stop in codes:
        if tag != "equal":
            for turn in old[low:high]:
                elsewhere[key(turn)].append(turn)
    moved: set[int] = set()
    blocks: list[tuple[bool, int, int, list[Pair]]] = []
    for tag, low, high, begin, end in codes:
        found = []
        for index, turn in enumerate(new[begin:end]):
            if tag == "equal":
                found.append(_pair(old[low + index], turn))
            elif earlier := elsewhere[key(turn)]:
                moved.add(earlier[0].number)
                found.append(_pair(earlier.pop(0), turn, "reordered"))
            else:
                found.append(Pair(None, turn, "new"))
        blocks.append((tag == "equal", low, high, found))
    for equal, low, high, found in blocks:
        if not equal:
            for turn in old[low:high]:
                if turn.number not in moved:
                    yield Pair(turn, None, "missing")
        yield from found


def _late_ones(pairs: Sequence[Pair]) -> Iterator[Pair]:
    timed = [(pair, change) for pair in pairs if (change := pair.change) is not None]
    far = stand_out([change for _pair, change in timed])
    return (pair for (pair, _change), is_far in zip(timed, far, strict=True) if is_far)


def _marked(pairs: Sequence[Pair], late: Sequence[Pair]) -> Iterator[Pair]:
    """Yields the pairs; those that are late and alike are marked so."""
    late_ones = set(map(id, late))
    for pair in pairs:
        if id(pair) in late_ones and not pair.difference:
            yield msgspec.structs.replace(pair, difference=N_("late"))
        else:
            yield pair


def _pair(old: Turn, new: Turn, difference: Difference = "") -> Pair:
    if not difference and (answers(old) != answers(new) or old.unanswered != new.unanswered):
        difference = N_("answered otherwise")
    return Pair(old, new, difference)


def _durations(pairs: Sequence[Pair], side: str, field: str) -> Durations:
    durations = Durations()
    for pair in pairs:
        if pair.change is not None:
            seconds = getattr(pair.old if side == "old" else pair.new, field)
            if seconds is not None:
                durations.add(seconds)
    return durations
