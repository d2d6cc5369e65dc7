"""Events as text: readable, and inert whatever the network sent."""

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.events.text import inert, inert_characters, json_line, marks, text_line, way


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("こんにちは　世界", "こんにちは　世界"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\nb\tc\0", "a␊b␉c␀"),
        ("\x7f\x9b", "␡<U+009B>"),
        ("\u202eabc\u2066", "<U+202E>abc<U+2066>"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_nothing_is_left_that_a_terminal_obeys(text: str, shown: str):
    assert inert(text) == shown


@given(st.text())
def test_in_a_text_field_every_character_keeps_its_place(text: str):
    shown = inert_characters(text)
    assert len(shown) == len(text)
    assert all(a == b for a, b in zip(text, shown, strict=True) if inert(a) == a)
    assert inert(shown) == shown


@given(st.text())
def test_inert_text_holds_no_control_and_no_format_character(text: str):
    categories = {unicodedata.category(character) for character in inert(text)}
    assert not categories & {"Cc", "Cs", "Zl", "Zp"}
    assert not any(
        ch in inert(text) for ch in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def test_a_text_line_says_when_who_and_what():
    event = Event(7, 0.0, "sent", "chat", "A", "b|c", round_trip=0.0124)
    assert text_line(event).endswith(" → chat A|b|c  [✓ 12 ms]")


@pytest.mark.parametrize(
    ("kind", "via", "shown"),
    [
        ("received", "", "←"),
        ("received", "server", "⇐"),
        ("sent", "", "→"),
        ("sent", "server", "⇒"),
        ("connected", "server", "◆"),
        ("disconnected", "server", "◇"),
        ("fault", "server", "!"),
    ],
)
def test_what_passed_through_a_relay_has_signs_of_its_own(kind: str, via: str, shown: str):
    event = Event(1, 0.0, kind, "chat", "A", via=via)  # type: ignore[arg-type]
    assert text_line(event).split()[2] == shown


def test_a_way_through_a_relay_is_told_in_words():
    assert way(Event(1, 0.0, "received", via="server")) == "agent → server"
    assert way(Event(1, 0.0, "sent", via="server")) == "server → agent"
    assert way(Event(1, 0.0, "sent")) == ""


def test_the_json_keys_are_the_field_names_and_defaults_are_left_out():
    event = Event(1, 1.5, "received", "chat", "A", "日本", size=9)
    assert msgspec.json.decode(json_line(event)) == {
        "seq": 1,
        "time": 1.5,
        "kind": "received",
        "agent": "chat",
        "type": "A",
        "args": "日本",
        "size": 9,
    }
    assert msgspec.json.decode(json_line(event), type=Event) == event


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, ""),
        ({"round_trip": 0.0316}, "✓ 32 ms"),
        ({"lost": True}, "no echo"),
        ({"echo": 3, "round_trip": 0.1}, "echo"),
        ({"cut": True}, "cut"),
    ],
)
def test_marks_in_words(fields: dict[str, object], shown: str):
    assert marks(Event(1, 0.0, "sent", **fields)) == shown  # type: ignore[arg-type]
