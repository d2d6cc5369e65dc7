"""A letter and a colour for each agent."""

from mdxdash.tui.widgets import agent_signs
from mdxdash.tui.widgets.agent_signs import COLOURS, AgentSigns
from mdxdash.tui.widgets.lists.row_list import STYLES


def test_agents_get_letters_in_order_and_keep_them() -> None:
    signs = AgentSigns()
    assert [signs[name].letter for name in ("chat", "other", "chat")] == ["A", "B", "A"]


def test_a_sign_is_given_before_it_is_drawn() -> None:
    signs = AgentSigns()
    signs.give("first")
    assert signs["second"].letter == "B"


def test_agents_that_share_a_colour_differ_in_their_letters() -> None:
    signs = AgentSigns()
    given = [signs[f"chat#{number}"] for number in range(26)]
    assert len({sign.letter for sign in given}) == 26
    assert len({sign.style for sign in given}) == COLOURS
    assert given[0].style == given[COLOURS].style


def test_every_sign_has_a_style_of_the_lists() -> None:
    signs = AgentSigns()
    assert {signs[str(number)].style for number in range(50)} <= set(STYLES)


def test_endless_names_do_not_fill_the_memory() -> None:
    signs = AgentSigns()
    for number in range(agent_signs._MOST + 1):
        signs.give(str(number))
    assert len(signs) == 1
