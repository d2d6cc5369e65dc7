"""How terms go together under not, and, or."""

import itertools

import pytest

from mdxdash.events.event import Event
from mdxdash.filters.filter import parse
from mdxdash.filters.matching import is_about_types, type_decision
from tests.support.filtering import CONTEXT, passes, received

RECOG = received("RECOG_EVENT_STOP|Hello World")
MODEL = received("MODEL_ADD|0|gene/Gene.pmd")
SENT = received("TEST_MESSAGE", kind="sent", round_trip=0.01)

MATCHES = [
    ("hello type:RECOG_*", RECOG, True),
    ("hello type:MODEL_*", RECOG, False),
    ("-hello", RECOG, False),
    ("-hello", MODEL, True),
    ("--hello", RECOG, True),
    ("-type:MODEL_*", RECOG, True),
    ("-/x/", RECOG, True),
    ('-"hello world"', RECOG, False),
    ("gene OR hello", RECOG, True),
    ("gene OR hello type:X", RECOG, False),
    ("(gene OR hello) type:RECOG_*", RECOG, True),
    ("-(gene OR hello)", RECOG, False),
    ("-(gene OR hello)", SENT, True),
    ("-(type:RECOG_* OR type:MODEL_*)", MODEL, False),
    ("(hello)(world)", RECOG, True),
    ("(hello)OR(gene)", MODEL, True),
    ("or", RECOG, True),
    ("a OR b OR c OR hello", RECOG, True),
    ("h e l o w", RECOG, True),
    ("h e l o w x", RECOG, False),
    ("via:server", RECOG, False),
    ("-via:server", RECOG, True),
    ("via:server", received("A|b", via="server"), True),
    ("", RECOG, True),
    ("  ", RECOG, True),
]


@pytest.mark.parametrize(("text", "event", "expected"), MATCHES)
def test_terms_together_match(text: str, event: Event, expected: bool) -> None:
    assert passes(text, event) is expected


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_all_or_any_of_several_terms_are_as_python_has_them(count: int) -> None:
    words = [f"w{number}" for number in range(count)]
    for present in itertools.product([False, True], repeat=count):
        event = received(
            "A|" + " ".join(w for w, there in zip(words, present, strict=True) if there)
        )
        assert passes(" ".join(words), event) is all(present)
        assert passes(" OR ".join(words), event) is any(present)


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("type:A", True),
        ("type:B", False),
        ("-type:A", False),
        ("-type:B", True),
        ("hello", None),
        ("-hello", None),
        ("type:A hello", None),
        ("type:B hello", False),
        ("type:A OR hello", True),
        ("type:B OR hello", None),
        ("type:A type:*", True),
        ("type:A type:B", False),
        ("type:B OR type:C", False),
        ("type:B OR type:A", True),
        ("-(type:B hello)", True),
    ],
)
def test_a_type_alone_may_decide(text: str, decision: bool | None) -> None:
    node = parse(text).node
    assert node is not None
    assert type_decision(node, "A") is decision


@pytest.mark.parametrize(
    ("text", "expected"),
    [("type:A", True), ("-(type:A OR type:B)", True), ("type:A agent:a", False), ("a", False)],
)
def test_a_part_that_is_about_types_only_is_known(text: str, expected: bool) -> None:
    node = parse(text).node
    assert node is not None
    assert is_about_types(node) is expected


def test_cheap_terms_are_tried_before_expensive_ones() -> None:
    asked: list[str] = []

    class Watched:
        """An event that notes which fields are read."""

        def __init__(self, event: Event) -> None:
            self._event = event

        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(self._event, name)

    holds = parse("/x/ args:*x* kind:sent type:B").compile(CONTEXT)
    assert not holds(Watched(received("A|x")))  # type: ignore[arg-type]
    assert asked == ["type"]
