"""Conditions on many events at once, beside the same on each event."""

from collections.abc import Container
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.events.storage.event_block import EventBlock
from mdxdash.filters.columns.block_predicate import Part, everything
from mdxdash.filters.columns.masks import rows_of
from mdxdash.filters.context import Context
from mdxdash.filters.filter import parse
from tests.support.random_events import BEGIN, TERMS, WORDS, events, filter_texts

CONTEXT = Context(now=lambda: BEGIN + 500.0, marked={2, 5}, offset=lambda time: 0.0, budget=None)


def passing(text: str, part: Part) -> list[int]:
    return rows_of(parse(text).compile_columns(CONTEXT)(part, everything(part)))


def expected(text: str, given_events: list[Event]) -> list[int]:
    passes = parse(text).compile(CONTEXT)
    return [row for row, event in enumerate(given_events) if passes(event)]


@given(events(least=1, most=16), filter_texts(), st.data())
@settings(max_examples=60)
def test_a_block_is_filtered_as_its_events_are(
    given_events: list[Event], text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(given_events) - 1))
    stop = data.draw(st.integers(start + 1, len(given_events)))
    part = Part(EventBlock(given_events), start, stop)
    assert passing(text, part) == expected(text, given_events[start:stop])


EVERY_TEXT = [
    Event(seq, BEGIN, "received", "chat", type_, args, text)
    for seq, (type_, args, text) in enumerate(
        product(("SYNTH_START", "gene", "A|B", ""), ("", *WORDS), ("", "gene", "A|B")), start=1
    )
]


@pytest.mark.parametrize("term", TERMS)
def test_every_term_decides_on_a_block_as_on_its_events(term: str) -> None:
    part = Part(EventBlock(EVERY_TEXT), 0, len(EVERY_TEXT))
    assert passing(term, part) == expected(term, EVERY_TEXT)
    assert passing(f"-({term})", part) == expected(f"-({term})", EVERY_TEXT)


def test_more_types_than_a_byte_counts_are_told_apart() -> None:
    given_events = [Event(seq, BEGIN, "received", "chat", f"T{seq % 300}") for seq in range(1, 700)]
    part = Part(EventBlock(given_events), 5, 699)
    assert passing("type:T299 OR type:T0", part) == expected(
        "type:T299 OR type:T0", given_events[5:]
    )


@pytest.mark.parametrize("marked", [set(), {3}, {1, 4, 5, 6, 99}, range(2, 5)])
@pytest.mark.parametrize("text", ["is:marked", "is:marked,lost", "-is:marked is:lost"])
def test_marks_are_looked_up_however_many_there_are(text: str, marked: Container[int]) -> None:
    given_events = [Event(seq, BEGIN, "sent", lost=seq % 2 == 0) for seq in range(1, 7)]
    context = Context(now=lambda: BEGIN, marked=marked)
    part = Part(EventBlock(given_events), 1, 6)
    passes = parse(text).compile(context)
    assert rows_of(parse(text).compile_columns(context)(part, everything(part))) == [
        row for row, event in enumerate(given_events[1:]) if passes(event)
    ]
