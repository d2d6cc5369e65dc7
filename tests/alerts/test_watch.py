"""How watches are written, in the file and in the form."""

from pathlib import Path

import pytest

from mdxdash.alerts.watch import (
    Watch,
    read_watches,
    table_from_watch,
    watch_from_form,
    watch_from_table,
)
from mdxdash.filters.filter import parse
from mdxdash.macros.condition import Condition
from mdxdash.settings.toml_source import SettingsError, parse_toml
from mdxdash.settings.validation import ValidationError

ANSWERED = Condition(
    parse("type:RECOG_EVENT_STOP"), absent=parse("type:SYNTH_EVENT_START"), within=5.0
)

FORMS = [
    ("", Watch("W", Condition(parse("type:X")))),
    ("first", Watch("W", Condition(parse("type:X")), first=True)),
    ("above 10 a minute", Watch("W", Condition(parse("type:X"), above=10))),
    (
        "no type:Y -z within 5s",
        Watch("W", Condition(parse("type:X"), None, None, parse("type:Y -z"), 5.0)),
    ),
]


def read(text: str) -> tuple[Watch, ...]:
    return read_watches(parse_toml(text.encode(), Path("mdxdash.toml")))


def test_a_watch_is_written_with_the_keys_of_a_macro() -> None:
    text = (
        '[[watch]]\nname = "No answer"\non = "type:RECOG_EVENT_STOP"\n'
        'absent = "type:SYNTH_EVENT_START"\nwithin = "5s"\n'
    )
    assert read(text) == (Watch("No answer", ANSWERED),)
    assert read("") == ()


@pytest.mark.parametrize(("alarm", "watch"), FORMS)
def test_the_form_says_when_an_alarm_is_raised(alarm: str, watch: Watch) -> None:
    made = watch_from_form(" W ", "type:X", alarm)
    assert made == watch
    assert watch_from_form("W", "type:X", made.alarm) == made
    assert watch_from_table(table_from_watch(made)) == made


@pytest.mark.parametrize("alarm", ["10", "above 10", "Above 10/min"])
def test_a_number_is_enough_for_a_rate(alarm: str) -> None:
    assert watch_from_form("W", "type:X", alarm).condition.above == 10


def test_braces_in_a_filter_mean_themselves() -> None:
    assert watch_from_form("W", "args:{x}", "").condition.on == parse("args:{x}")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("", "`on` is missing"),
        ('on = ""', "`on`: expected a filter"),
        ('on = "type:"', "`on`: "),
        ('on = "x"\nabove = 0', "`above`: expected a number of events a minute from 1 to 100,000"),
        ('on = "x"\nabsent = "y"', "`absent`: expected `within` beside it"),
        ('on = "x"\nwithin = "5s"', "`within`: expected `absent` beside it"),
        ('on = "x"\nabove = 1\nabsent = "y"\nwithin = "1s"', "expected either `above` or"),
        ('on = "x"\nalarm = "first"\nabove = 3', "`alarm`: expected nothing beside"),
        ('on = "x"\nalarm = "often"', '`alarm`: expected "first", got "often"'),
        ('on = "x"\nwhen = 3', "`when` is no known key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(rest: str, message: str) -> None:
    with pytest.raises(SettingsError, match="watch 1") as raised:
        read(f'[[watch]]\nname = "W"\n{rest}\n')
    assert message in raised.value.message
    assert raised.value.line is not None


def test_a_name_is_given_once() -> None:
    with pytest.raises(SettingsError, match="a name of its own"):
        read('[[watch]]\nname = "W"\non = "x"\n' * 2)


def test_an_unknown_alarm_is_told_what_can_be_written() -> None:
    with pytest.raises(ValidationError, match="first, above 10, or no"):
        watch_from_form("W", "x", "sometimes")
