"""Hypothesis strategies for events of all sorts, and for filters on them."""

from array import array
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from mdxdash.events.event import KINDS, Event
from mdxdash.events.storage.event_block import EventBlock

WORDS = (
    "gene",
    "GENE",
    "こんにちは",
    "カナ",
    "ｶﾅ",
    "Ｇｅｎｅ",
    "İstanbul",
    "ß",
    "|",
    "\0",
    "\ud800",
    "é",
    "e\u0301",
)
TEXTS = st.lists(st.sampled_from((*WORDS, " ", "0")), max_size=4).map("".join)
TYPES = st.sampled_from(("SYNTH_START", "RECOG_EVENT_STOP", "gene", "Ｇｅｎｅ", "A|B", ""))
AGENTS = st.sampled_from(("chat", "chat#2", ""))
NUMBERS = st.sampled_from((0, 1, 2047, 2**32, 2**70))

FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(KINDS),
    "agent": AGENTS,
    "type": TYPES,
    "args": TEXTS,
    "text": TEXTS,
    "module": st.sampled_from(("", "VIManager")),
    "level": st.sampled_from(("", "Error", "Warning", "Captured", "New")),
    "agent_time": st.sampled_from(("", "2026/11/22 19:48:26.306")),
    "ticks": NUMBERS,
    "size": NUMBERS,
    "cut": st.booleans(),
    "echo": st.sampled_from((None, 0, 7, 2**70)),
    "round_trip": st.sampled_from((None, 0.0, 0.012)),
    "lost": st.booleans(),
    "via": st.sampled_from(("", "server")),
    "undecoded": st.sampled_from(("", "e3 81 ff")),
    "by": st.sampled_from(("", "macro", "tap")),
}
"""A strategy for each field of an event but `seq` and `time`; a new field needs one."""

BEGIN = 1_000_000.0
"""Unix time of the earliest event: 1970-01-12 13:46:40 UTC."""


@st.composite
def events(draw: st.DrawFn, *, least: int = 0, most: int = 40) -> list[Event]:
    """Events from number 1 on, most of them with few fields; the clock may go back."""
    found = []
    for seq in range(1, draw(st.integers(least, most)) + 1):
        names = draw(st.sets(st.sampled_from(sorted(FIELDS)), max_size=5))
        fields = {name: draw(FIELDS[name]) for name in sorted(names)}
        time = BEGIN + draw(st.sampled_from((0.0, 0.5, 60.0, 1000.0, 40_000.0)))
        found.append(msgspec.structs.replace(Event(seq, time, "received"), **fields))
    return found


def block_of_received(events: Sequence[Event]) -> EventBlock:
    """A block of received events, made of columns."""
    return EventBlock.of_received(
        events[0].seq,
        [event.agent for event in events],
        [event.type for event in events],
        [event.args for event in events],
        array("d", [event.time for event in events]),
        [event.size for event in events],
    )


TERMS = (
    *("gene", "Ｇｅｎｅ", "カナ", "こんにちは", "|", "b|gene", "ss", "İ", "é", '"\0"', "A|B", "0"),
    *("type:gene", "type:SYNTH_*", 'type:""', "agent:chat*", "module:VI*", "dir:in", "dir:out"),
    *("via:server", "kind:log,sent", "level:warning", "level:debug", "is:echo", "is:acked,cut"),
    *("is:marked", "is:lost,marked", "after:13:47", "before:13:47", "after:1970-01-12T14:00Z"),
    *(
        "before:1970-01-13T01:00Z",
        "last:1m",
        "args:*gene*",
        "args:*カ*",
        'args:""',
        "args:0?*,gene",
    ),
    *("/gene/", "/ge.e|カ/i"),
)


def filter_texts() -> st.SearchStrategy[str]:
    """Texts of filters."""
    return st.recursive(
        st.sampled_from(TERMS),
        lambda inner: st.one_of(
            inner.map(lambda text: f"-({text})"),
            st.tuples(inner, inner).map(lambda both: f"({both[0]} {both[1]})"),
            st.tuples(inner, inner).map(lambda both: f"({both[0]} OR {both[1]})"),
        ),
        max_leaves=4,
    )
