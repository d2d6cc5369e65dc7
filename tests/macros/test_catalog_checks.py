"""The composer's checks, on macros when they are loaded."""

import pytest

from mdxdash.macros.catalog_checks import check_macros
from mdxdash.macros.files.ready_made import library
from mdxdash.macros.model import DEFAULT_MACROS
from tests.support.macro_texts import read


def advised(toml: str) -> list[str]:
    return list(check_macros(read(toml)))


def test_a_line_that_would_crash_the_agent_is_named_with_its_macro():
    (line,) = advised(
        '[[macro]]\nname = "Button"\nsend = "BUTTON_ADD|b|1|10,10|b.png|message X|OFF"\n'
    )
    assert line.startswith('macro "Button": BUTTON_ADD|b|1|10,10|b.png|message X|OFF: C201')


def test_steps_inside_others_are_looked_at_too():
    (line,) = advised(
        '[[macro]]\nname = "M"\nsteps = [{ repeat = 2, steps = [{ send = "MOTION_DELETE|0" }] }]\n'
    )
    assert "H404" in line


def test_what_is_filled_in_is_judged_when_it_is_sent():
    assert (
        advised('[[macro]]\nname = "M"\nparams = { x = "1" }\nsend = "MOTION_DELETE|{x}"\n') == []
    )


def test_what_ships_gives_no_cause():
    assert list(check_macros(DEFAULT_MACROS)) == []
    assert [line for line in check_macros(library()) if " C2" in line or " W1" in line] == []


@pytest.mark.parametrize("line", ["MY_OWN_TYPE|x", "TIMER_CANCEL|a", "WINDOWFRAME_ADD|a|a.png"])
def test_what_only_its_author_needs_to_know_is_left_out(line: str) -> None:
    assert advised(f'[[macro]]\nname = "M"\nsend = "{line}"\n') == []
