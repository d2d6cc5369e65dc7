"""Which macros of a file a command line means, and which parameters they take."""

import pytest

from mdxdash.macros.model import Macro
from mdxdash.macros.selection import (
    independent_macros,
    macros_named,
    params_from_options,
    params_of,
)
from tests.support.macro_texts import DIALOGUE, read

MACROS = read(DIALOGUE)


def test_independent_macros_are_neither_triggered_nor_run_by_another() -> None:
    assert [macro.name for macro in independent_macros(MACROS)] == ["Introduce"]


def test_a_macro_that_runs_instead_of_another_is_not_independent() -> None:
    macros = read(
        '[[macro]]\nname = "M"\nsteps = [{ repeat = 2, steps = '
        '[{ wait = "type:A", else = "Sorry" }] }]\n'
        '[[macro]]\nname = "Sorry"\nsend = "SORRY"\n'
    )
    assert [macro.name for macro in independent_macros(macros)] == ["M"]


def test_macros_are_found_by_name_in_the_order_of_the_names() -> None:
    found = macros_named(MACROS, ["Goodbye", "Introduce", "Goodbye"])
    assert [macro.name for macro in found] == ["Goodbye", "Introduce", "Goodbye"]


def test_a_name_that_no_macro_has_is_an_error_with_the_names_there_are() -> None:
    with pytest.raises(LookupError) as caught:
        macros_named(MACROS, ["Goodbye", "Hi"])
    assert str(caught.value) == (
        'there is no macro "Hi": expected one of "Introduce", "Answer hello", "Goodbye"'
    )


def test_parameters_from_options() -> None:
    options = ["name=Mei", "voice=a=b", "name="]
    assert params_from_options(MACROS, options) == {"name": "", "voice": "a=b"}


@pytest.mark.parametrize("option", ["name", "nme=x", "=x"])
def test_an_option_that_is_no_parameter_is_an_error(option: str) -> None:
    with pytest.raises(ValueError, match=r"expected NAME=VALUE with one of name, voice$") as caught:
        params_from_options(MACROS, [option])
    assert str(caught.value).startswith(f"{option}: ")


def test_macros_without_parameters_take_none() -> None:
    with pytest.raises(ValueError, match=r"one of none: these macros have no params$"):
        params_from_options([Macro("M")], ["name=x"])


def test_a_macro_takes_its_own_parameters_only() -> None:
    given = {"name": "Mei", "other": "x"}
    assert params_of(MACROS[0], given) == {"name": "Mei"}
    assert params_of(MACROS[2], given) == {}
