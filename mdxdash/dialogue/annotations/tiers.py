"""Intervals as tiers, as Praat and ELAN know them: named rows of labelled stretches of time.

Times count from the first event of the recording, in whole milliseconds. Both tools have no
annotations without a length, so what takes no time gets a millisecond.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from mdxdash.dialogue.interval import Interval, Lane, in_order
from mdxdash.language.translation import N_

LONGEST: Final = 1e11
"""Seconds from the first event to the last: 3,000 years. More is no time but a damaged file."""

MOST_TIERS: Final = 10_000
"""Tiers that are written for other tools, which nobody can open with more: each has its row."""


class AnnotationError(ValueError):
    """Intervals that cannot be annotations. The text says why."""


class Annotation(NamedTuple):
    """A stretch of time and its label."""

    begin: int
    """Milliseconds."""
    end: int
    label: str


class Tier(NamedTuple):
    """A row of annotations, which do not overlap."""

    name: str
    lane: Lane
    annotations: list[Annotation]


class Annotations(msgspec.Struct):
    """All tiers of a recording."""

    tiers: list[Tier]
    length: int
    """Milliseconds from the first event to the last."""


def annotate(intervals: Iterable[Interval], first: float, last: float) -> Annotations:
    """Makes the tiers of intervals, given in the order in which they began.

    `first` and `last` are the Unix times of the first and the last event. What is open at the end
    goes on to the last event. Raises `AnnotationError` for times that are too far apart.
    """
    if not last - first <= LONGEST:
        raise AnnotationError(
            N_(
                "the times of the events are {seconds:.2g} s apart: "
                "expected {longest:.0e} s at most"
            ).format(seconds=last - first, longest=LONGEST)
        )
    lanes: dict[Lane, list[Interval]] = {}
    for interval in intervals:
        lanes.setdefault(interval.lane, []).append(interval)
    several = len({lane.agent for lane in lanes}) > 1
    tiers = []
    names: set[str] = set()
    length = max(0, round((last - first) * 1000))
    for lane in in_order(lanes):
        name = f"{lane.agent} {lane.name}" if several else lane.name
        while name in names:  # `a b` and `c` name the same tier as `a` and `b c`
            name += "'"
        names.add(name)
        annotations = _annotations(lanes[lane], first, last)
        length = max(length, annotations[-1].end)
        tiers.append(Tier(name, lane, annotations))
    return Annotations(tiers, length)


def require_few_tiers(annotations: Annotations) -> None:
    """Raises `AnnotationError` for more tiers than other tools can show."""
    if (count := len(annotations.tiers)) > MOST_TIERS:
        raise AnnotationError(
            N_(
                "{count:,} tiers: expected {most:,} at most, one for each lane of the dialogue"
            ).format(count=count, most=MOST_TIERS)
        )


def _annotations(intervals: list[Interval], first: float, last: float) -> list[Annotation]:
    annotations = []
    free_from = 0
    for interval in intervals:
        end_time = last if interval.end is None else interval.end
        begin = max(free_from, round((interval.begin - first) * 1000))
        free_from = max(begin + 1, round((end_time - first) * 1000))
        annotations.append(Annotation(begin, free_from, label(interval)))
    return annotations


def label(interval: Interval) -> str:
    """Returns what is written on an interval: its text, and what is special about it."""
    remarks: list[str] = [interval.ending] if interval.ending else []
    if interval.uncertain:
        remarks.append("or another text")
    text = interval.text or interval.lane.kind
    return f"{text} ({', '.join(remarks)})" if remarks else text
