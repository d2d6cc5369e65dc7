"""The families of messages and their styles."""

import pytest

from mdxdash.tui.rows import message_families
from mdxdash.tui.rows.message_families import FAMILIES, family_style
from mdxdash.tui.widgets.lists.row_list import STYLES


@pytest.mark.parametrize(("type_", "style"), [(type_, style) for type_, _, style in FAMILIES])
def test_each_message_of_the_legend_has_the_style_of_its_family(type_: str, style: str) -> None:
    assert family_style(type_).type == style
    assert style in STYLES


def test_only_the_words_of_the_user_stand_out_and_a_timer_stands_back() -> None:
    assert family_style("RECOG_EVENT_STOP").arguments == "user"
    assert family_style("RECOG_EVENT_START").arguments == ""
    assert family_style("TIMER_EVENT_STOP").arguments == "quiet"


@pytest.mark.parametrize("type_", ["MY_TYPE", "PLUGIN_ENABLE", "", "MENU", "\x1b"])
def test_the_systems_messages_and_unknown_ones_are_plain(type_: str) -> None:
    assert family_style(type_) == ("", "")


def test_endless_types_take_no_endless_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_families, "_REMEMBERED", 10)
    for number in range(100):
        family_style(f"TYPE_{number}")
    assert len(message_families._styles) <= 10
