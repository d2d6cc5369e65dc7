"""The composer's checks, on macros when they are loaded."""

from pathlib import Path

from mdxdash.macros.catalog_checks import check_macros
from mdxdash.macros.files.ready_made import library
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import DEFAULT_MACROS
from mdxdash.settings.toml_source import parse_toml


def advised(toml: str) -> list[str]:
    return list(check_macros(read_macros(parse_toml(toml.encode(), Path("mdxdash.toml")))))


def test_a_line_that_would_crash_the_agent_is_named_with_its_macro():
    (line,) = advised(
        '[[macro]]\nname = "Button"\nsend = "BUTTON_ADD|b|1|10,10|b.png|message X|OFF"\n'
    )
    assert line.startswith('macro "Button": BUTTON_ADD|b')
    assert "C201" in line


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
