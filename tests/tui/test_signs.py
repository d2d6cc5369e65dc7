"""The signs of the screen."""

from mdxdash.events.text import SERVER_SIGNS, SIGN_MEANINGS, SIGNS
from mdxdash.tui.signs import LEGEND


def test_every_sign_of_an_event_has_a_meaning():
    assert {*SIGNS.values(), *SERVER_SIGNS.values()} <= SIGN_MEANINGS.keys()


def test_no_sign_stands_twice_in_a_section():
    for _, rows in LEGEND:
        assert len({sign for sign, _ in rows}) == len(rows)
