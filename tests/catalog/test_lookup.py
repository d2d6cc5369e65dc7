"""Finding a message by its type, and the nearest to a wrong one."""

import pytest

from mdxdash.catalog.lookup import entries, find, is_family, nearest


def name_of(type: str, args: str = "") -> str | None:
    entry = find(type, args)
    return entry.name if entry is not None else None


def test_every_entry_is_found_by_its_name() -> None:
    assert all(find(entry.name) is entry for entry in entries())


@pytest.mark.parametrize(
    ("type", "args", "name"),
    [
        ("SYNTH_START", "mei|voice|text", "SYNTH_START"),
        ("MENU", "ADD|page", "MENU|ADD"),
        ("MENU", "DELETE|page", "MENU|DELETE"),
        ("MENU_EVENT", "SETITEM|page|3", "MENU_EVENT|SETITEM"),
        ("MENU|ADD", "", "MENU|ADD"),
        ("__AV_SETMODEL,mei", "", "__AV_SETMODEL"),
        ("__AV_MESSAGE,SYNTH_START", "mei|voice|text", "__AV_MESSAGE"),
        ("SND1280", "", "SNDxxxx"),
        ("SNDFILE", "", "SNDFILE"),
    ],
)
def test_a_message_is_found_by_type_and_arguments(type: str, args: str, name: str) -> None:
    assert name_of(type, args) == name


@pytest.mark.parametrize(
    ("type", "args"),
    [
        ("", ""),
        ("TEST_MESSAGE", ""),
        ("MENU", ""),
        ("MENU", "FOO"),
        ("synth_start", ""),
        ("SND", ""),
    ],
)
def test_unknown_messages_are_not_found(type: str, args: str) -> None:
    assert find(type, args) is None


def test_menu_is_a_family_and_others_are_not() -> None:
    assert is_family("MENU")
    assert is_family("MENU_EVENT")
    assert not is_family("MODEL_ADD")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("synth_start", "SYNTH_START"),
        ("SYNTHSTART", "SYNTH_START"),
        ("SNYTH_START", "SYNTH_START"),
        ("MODEL_DEL", "MODEL_DELETE"),
        ("TIMER_EVENT_CANCELED", "TIMER_EVENT_CANCELLED"),
        ("AUDIO_STRT", "SOUND_START"),
    ],
)
def test_the_nearest_message_is_the_one_that_was_meant(typed: str, meant: str) -> None:
    found = nearest(typed)
    assert found is not None
    assert found.name == meant


@pytest.mark.parametrize("typed", ["", "X", "FOO", "TEST_MESSAGE", "Q" * 2000])
def test_nothing_is_near_to_a_type_of_ones_own(typed: str) -> None:
    assert nearest(typed) is None
