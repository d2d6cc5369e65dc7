"""Names that are filled in and macros that are run must exist when a file is read."""

import pytest

from mdxdash.macros.files.references import check_references, names_run_by, runs_of
from mdxdash.macros.model import Macro, RunStep
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from tests.support.macro_texts import read


def macro(steps: str, *, name: str = "M", more: str = "") -> str:
    return f'[[macro]]\nname = "{name}"\n{more}\nsteps = [{steps}]\n'


def error_of(*texts: str) -> ValidationError:
    """The error of macros that are each right in themselves, without their line in the file."""
    with pytest.raises(SettingsError) as caught:
        read("".join(texts))
    cause = caught.value.__cause__
    assert isinstance(cause, ValidationError)
    return cause


OTHER = macro('{ send = "A|{who}" }', name="Other", more='params = { who = "x", "what" = "y" }')


def test_a_macro_may_use_its_parameters_and_the_agent() -> None:
    assert read(macro('{ send = "A|{who}|{agent}" }', more='params = { who = "x" }'))


@pytest.mark.parametrize("step", ['wait = "type:A"', 'expect = "type:A"'])
def test_the_values_of_an_event_are_known_after_a_wait(step: str) -> None:
    send = '{ send = "{type}|{args}|{args[3]}" }'
    assert read(macro(f"{{ {step} }}, {send}"))
    error = error_of(macro(f"{send}, {{ {step} }}"))
    assert error.key_path == (0, "steps", 0, "send")
    assert error.message == (
        "`send`: `type` has no value here, since no event comes before it: "
        "expected a `wait` before it, or a macro with `on`"
    )


def test_the_values_of_an_event_are_known_to_a_macro_with_on() -> None:
    assert read('[[macro]]\nname = "M"\non = "type:A"\nsend = "B|{args}|{args[0]}|{type}"\n')


def test_the_values_of_an_event_are_not_known_to_the_filter_that_waits_for_it() -> None:
    error = error_of(macro('{ wait = "type:A {args}" }'))
    assert error.key_path == (0, "steps", 0, "wait")


@pytest.mark.parametrize(
    ("step", "key_path"),
    [
        ('{ send = "A|{x}" }', ("steps", 0, "send")),
        ('{ wait = "type:A {x}" }', ("steps", 0, "wait")),
        ('{ expect = "type:A {x}" }', ("steps", 0, "expect")),
        ('{ expect = "type:A", not = "type:B {x}" }', ("steps", 0, "not")),
        ('{ run = "Other", params = { who = "{x}" } }', ("steps", 0, "params", "who")),
        ('{ repeat = 2, steps = [{ send = "A|{x}" }] }', ("steps", 0, "steps", 0, "send")),
    ],
)
def test_an_unknown_name_is_an_error_at_its_key(step: str, key_path: tuple[str | int, ...]) -> None:
    error = error_of(macro(step), OTHER)
    assert error.key_path == (0, *key_path)
    assert "{x} is no known name: known are {agent}" in error.message


def test_an_unknown_name_of_a_list_of_messages_is_an_error_at_its_index() -> None:
    error = error_of('[[macro]]\nname = "M"\nsend = ["A", "B|{x}"]\n')
    assert error.key_path == (0, "send", 1)
    assert error.message.startswith("`send`: {x} is no known name")
    assert error_of('[[macro]]\nname = "M"\nsend = "B|{x}"\n').key_path == (0, "send")


def test_the_known_names_are_listed() -> None:
    error = error_of(macro('{ wait = "type:A" }, { send = "A|{x}" }'))
    assert "known are {agent}, {args}, {type}, or" in error.message


def test_a_similar_name_is_suggested() -> None:
    error = error_of(macro('{ send = "A|{wo}" }', more='params = { who = "x" }'))
    assert error.message == (
        "`send`: {wo} is no known name: did you mean {who}?, or {{ for a brace"
    )


def test_on_may_use_parameters_and_nothing_else() -> None:
    text = '[[macro]]\nname = "M"\nparams = {{ who = "x" }}\non = "type:A {0}"\nsend = "B"\n'
    assert read(text.format("{who}"))
    for name in ("agent", "args"):
        assert error_of(text.format(f"{{{name}}}")).key_path == (0, "on")


def test_a_name_that_is_set_is_known_to_the_steps_after_it() -> None:
    steps = '{ wait = "type:A" }, { set = "who", from = "args[0]" }, { send = "B|{who}" }'
    assert read(macro(steps))
    error = error_of(macro('{ wait = "type:A" }, { send = "B|{who}" }, ' + steps))
    assert error.key_path == (0, "steps", 1, "send")


def test_what_is_set_in_a_repeat_is_known_after_it() -> None:
    assert read(
        macro(
            '{ repeat = 1, steps = [{ wait = "type:A" }, { set = "x", from = "args" }] }, '
            '{ send = "B|{x}" }'
        )
    )


def test_a_value_cannot_be_set_from_an_event_before_there_is_one() -> None:
    error = error_of(macro('{ set = "who", from = "args[1]" }'))
    assert error.key_path == (0, "steps", 0, "from")
    assert read(macro('{ set = "who", from = "agent" }'))


@pytest.mark.parametrize(
    ("step", "key_path", "text"),
    [
        (
            '{ run = "Othr" }',
            ("steps", 0, "run"),
            '`run`: expected a macro of this file, got "Othr": did you mean "Other"?',
        ),
        (
            '{ run = "Xyz" }',
            ("steps", 0, "run"),
            '`run`: expected a macro of this file, got "Xyz"',
        ),
        (
            '{ wait = "type:A", else = "Xyz" }',
            ("steps", 0, "else"),
            '`else`: expected "stop", "continue" or a macro, got "Xyz"',
        ),
        (
            '{ repeat = 2, steps = [{ run = "Xyz" }] }',
            ("steps", 0, "steps", 0, "run"),
            '`run`: expected a macro of this file, got "Xyz"',
        ),
        (
            '{ run = "Other", params = { whom = "x" } }',
            ("steps", 0, "params", "whom"),
            '`params`: "Other" has no `whom`: expected one of its own (who, what)',
        ),
        (
            '{ run = "Plain", params = { whom = "x" } }',
            ("steps", 0, "params", "whom"),
            '`params`: "Plain" has no `whom`: expected one of its own (none)',
        ),
    ],
)
def test_a_macro_that_cannot_be_run_is_an_error_at_its_key(
    step: str, key_path: tuple[str | int, ...], text: str
) -> None:
    error = error_of(macro(step), OTHER, '[[macro]]\nname = "Plain"\nsend = "A"\n')
    assert (error.key_path, error.message) == ((0, *key_path), text)


def test_a_macro_that_would_run_itself_is_an_error_that_shows_how() -> None:
    error = error_of(
        macro('{ run = "B" }, { run = "C" }', name="A"),
        '[[macro]]\nname = "B"\nsend = "X"\n',
        macro('{ run = "B" }, { wait = "type:X", else = "A" }', name="C"),
    )
    assert error.key_path == (0, "steps", 1, "run")
    assert error.message == (
        '`run`: expected a macro that does not run this one again: "A" → "C" → "A"'
    )
    assert '"M" → "M"' in error_of(macro('{ run = "M" }')).message


def test_two_macros_may_run_the_same_one() -> None:
    assert read(macro('{ run = "Other" }, { run = "Other" }') + OTHER)


def test_an_endless_run_elsewhere_is_the_error_of_that_macro() -> None:
    error = error_of(macro('{ run = "N" }'), macro('{ run = "N" }', name="N"))
    assert error.key_path == (1, "steps", 0, "run")


def test_the_runs_of_a_macro_with_their_key_paths() -> None:
    [run, *_] = read(
        macro(
            '{ run = "Other", params = { who = "x" } }, { wait = "type:A", else = "continue" }, '
            '{ repeat = 2, steps = [{ wait = "type:A" }, { wait = "type:A", else = "Other" }] }'
        )
        + OTHER
    )
    assert list(runs_of(run)) == [
        (("steps", 0, "run"), RunStep("Other", (("who", "x"),))),
        (("steps", 2, "steps", 1, "else"), RunStep("Other")),
    ]


def test_the_names_that_a_macro_runs_are_those_of_all_macros_below_it() -> None:
    macros = (
        Macro("A", steps=(RunStep("B"), RunStep("C"))),
        Macro("B", steps=(RunStep("D"), RunStep("Gone"))),
        Macro("C", steps=(RunStep("D"),)),
        Macro("D"),
    )
    assert names_run_by(macros[0], macros) == {"B", "C", "D", "Gone"}
    assert names_run_by(macros[3], macros) == set()


def test_no_macros_are_right() -> None:
    check_references(())
