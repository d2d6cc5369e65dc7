"""The terms of time: after, before, last."""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

from mdxdash.filters.columns.block_predicate import BlockPredicate, Part
from mdxdash.filters.columns.masks import NO, both
from mdxdash.filters.context import Context, local_offset
from mdxdash.filters.error import FilterError
from mdxdash.filters.tree import Predicate, Term
from mdxdash.filters.values import Value
from mdxdash.language.translation import N_
from mdxdash.wire.full_width import half_width

_TIME_OF_DAY = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]+)?))?")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DAY = 86_400.0
_QUARTER = 900.0
"""Seconds for which a clock's offset is kept: changes of summer time come on the quarter hour
of UTC (Lord Howe Island's on the half), not always on the hour."""


class _TimeTerm(Term):
    """A time of day, or a date with or without one."""

    cost = 3

    @classmethod
    def read(cls, values: tuple[Value, ...], start: int, end: int) -> Self:
        _only_one(cls, values)
        _read_time(values[0])
        return cls(values, start, end)

    def _compared(self, context: Context, holds: Callable[[float, float], bool]) -> Predicate:
        """Makes the function that compares an event's time with the term's time, or, if that is a
        time of day, the event's time of day."""
        moment, time_of_day = self._moment(context)
        if time_of_day is None:
            return lambda e: holds(e.time, moment)
        of_day = time_of_day
        return lambda e: holds(of_day(e.time), moment)

    def _compared_columns(
        self, context: Context, holds: Callable[[float, float], bool]
    ) -> BlockPredicate:
        """Makes the function that does the same with the events of a block."""
        moment, time_of_day = self._moment(context)
        if time_of_day is None:
            return _times_that(lambda time: holds(time, moment), lambda first, last: True)
        of_day = time_of_day
        return _times_that(
            lambda time: holds(of_day(time), moment),
            # One offset holds for both, and it is not midnight between them.
            lambda first, last: (
                first // _QUARTER == last // _QUARTER and of_day(first) <= of_day(last)
            ),
        )

    def _moment(self, context: Context) -> tuple[float, Callable[[float], float] | None]:
        """Returns the time to compare with, and for a time of day, the function that makes one of
        an event's time."""
        moment = _read_time(self.values[0])
        if isinstance(moment, float):
            return moment, _time_of_day(context.offset)
        return _unix_time(moment, context.offset), None


def _unix_time(moment: datetime, offset: Callable[[float], float]) -> float:
    if moment.tzinfo is not None:
        return moment.timestamp()
    return _from_local(moment.replace(tzinfo=UTC).timestamp(), offset)


def _from_local(local: float, offset: Callable[[float], float]) -> float:
    """The Unix time of a local one, as seconds since the epoch if it were UTC's."""
    # The offset at the moment itself is wanted, which is known only roughly until it is used.
    return local - offset(local - offset(local))


def _times_that(
    holds: Callable[[float], bool], in_order: Callable[[float, float], bool]
) -> BlockPredicate:
    """Makes the block predicate of a condition on the time. If it holds for the earliest and for
    the latest time of a block, or for neither, it does so for all of them, where `in_order`."""

    def that_hold(part: Part, wanted: bytes) -> bytes:
        first, last = part.block.time_range
        all_, none = holds(first), not holds(last)
        if all_ != none and in_order(first, last):
            return wanted if all_ else NO * part.size
        times = part.block.times[part.start : part.stop]
        found = bytes([holds(time) for time in times])
        return both(found, wanted)

    return that_hold


def _only_one(term: type[Term], values: tuple[Value, ...]) -> None:
    if len(values) > 1:
        raise FilterError(
            values[1].start,
            N_("one, as in {form}").format(form=term.form),
            N_("{code}: takes one").format(code=term.code),
        )


def _read_time(value: Value) -> float | datetime:
    """Returns the seconds since midnight of a time of day, or the date and time."""
    text = value.text
    if found := _TIME_OF_DAY.fullmatch(text):
        hour, minute, second = int(found[1]), int(found[2]), float(found[3] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return hour * 3600 + minute * 60 + second
    elif _DATE.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass  # a day or an hour that does not exist: the same error as below
    raise FilterError(
        value.start,
        "12:30, 12:31:10 or 2026-11-22T12:30",
        N_('"{text}" is not a time').format(text=text),
    )


def _time_of_day(offset: Callable[[float], float]) -> Callable[[float], float]:
    """Makes a function from Unix time to seconds since midnight in local time."""
    offsets: dict[float, float] = {}

    def time_of_day(time: float) -> float:
        quarter = time // _QUARTER
        ahead = offsets.get(quarter)
        if ahead is None:
            ahead = offsets[quarter] = offset(time)
        return (time + ahead) % _DAY

    return time_of_day


class AfterTerm(_TimeTerm):
    code = "after"
    form = "after:12:30  after:2026-11-22T12:30"
    help = N_("at that time (of any day, or of that day) or later")

    def compile(self, context: Context) -> Predicate:
        return self._compared(context, operator.ge)

    def compile_columns(self, context: Context) -> BlockPredicate:
        return self._compared_columns(context, operator.ge)


class BeforeTerm(_TimeTerm):
    code = "before"
    form = "before:12:31:10"
    help = N_("earlier than that time")

    def compile(self, context: Context) -> Predicate:
        return self._compared(context, operator.lt)

    def compile_columns(self, context: Context) -> BlockPredicate:
        return self._compared_columns(context, operator.lt)


_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhSMH])")


def _seconds(span: str) -> float:
    return float(span[:-1]) * _UNITS[span[-1].lower()]


class LastTerm(Term):
    code = "last"
    form = "last:30s  last:5m  last:1h"
    help = N_("not longer ago than that")
    cost = 3

    @classmethod
    def read(cls, values: tuple[Value, ...], start: int, end: int) -> Self:
        _only_one(cls, values)
        if not _SPAN.fullmatch(values[0].text):
            raise FilterError(
                values[0].start,
                N_("a number and s, m or h, as in last:30s"),
                N_('"{text}" is not a span of time').format(text=values[0].text),
            )
        return cls(values, start, end)

    def compile(self, context: Context) -> Predicate:
        now, span = context.now, _seconds(self.values[0].text)
        return lambda e: e.time >= now() - span

    def compile_columns(self, context: Context) -> BlockPredicate:
        now, span = context.now, _seconds(self.values[0].text)
        return _times_that(lambda time: time >= now() - span, lambda first, last: True)


def read_moment(text: str, now: float, offset: Callable[[float], float] = local_offset) -> float:
    """Returns the Unix time that a text means: a time of day or a date, as in `after:`, or `-5m`,
    so long before now.

    * `now`: Unix time. A time of day is the last one before it.
    * `offset`: returns the seconds that local time is ahead of UTC at a Unix time.

    Raises `FilterError` for any other text.
    """
    text = half_width(text).strip()
    if text.startswith("-") and _SPAN.fullmatch(text[1:]):
        return now - _seconds(text[1:])
    try:
        moment = _read_time(Value((text,)))
    except FilterError:
        expected = N_("12:30, 12:30:05, 2026-11-22T12:30 or -5m")
        raise FilterError(0, expected, N_('"{text}" is not a time').format(text=text)) from None
    if isinstance(moment, datetime):
        return _unix_time(moment, offset)
    local = now + offset(now)
    today = local - local % _DAY + moment
    return _from_local(today if today <= local else today - _DAY, offset)
