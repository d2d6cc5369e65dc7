"""What a macro may say, and what is answered when it says something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.filters.filter import parse
from mdxdash.macros.files.toml_form import macro_from_table, table_from_macro
from mdxdash.macros.model import DEFAULT_MACROS, SHORTEST_PERIOD, Macro
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.wire.message import Message
from tests.support.macro_texts import read

BOTH = """\
[[macro]]
name = "Test message"
key = "1"
every = "2s"
send = "TEST_MESSAGE"

[[macro]]
name = "Greet"
send = ["MOTION_ADD|0|greet|motions/greet.vmd|PART|ONCE", "SYNTH_START|0|mei|こんにちは"]
target = "chat"
"""


def error(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(text)
    return str(caught.value)


def test_macros_are_read_in_their_order() -> None:
    greet = Macro(
        "Greet",
        (
            Message("MOTION_ADD", "0|greet|motions/greet.vmd|PART|ONCE"),
            Message("SYNTH_START", "0|mei|こんにちは"),
        ),
        target="chat",
    )
    assert read(BOTH) == (*DEFAULT_MACROS, greet)


def test_a_file_that_says_nothing_of_macros_has_the_test_message() -> None:
    assert read("[hub]\nport = 1\n") == DEFAULT_MACROS


def test_a_file_may_say_that_there_are_none() -> None:
    assert read("macro = []\n") == ()


GREET = '[[macro]]\nname = "Greet"\n'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            GREET + 'send = "X"\nevery = "2 sec"\n',
            ':4: macro "Greet": `every`: expected a duration such as "2s" or "500ms", got "2 sec"',
        ),
        (
            GREET + 'send = "X"\nevery = ""\n',
            ':4: macro "Greet": `every`: expected a duration such as "2s" or "500ms", got ""',
        ),
        (
            GREET + 'send = "X"\nevery = 2\n',
            ':4: macro "Greet": `every`: expected a duration such as "2s" or "500ms", got 2',
        ),
        (
            GREET + 'send = "X"\nevery = "19ms"\n',
            ':4: macro "Greet": `every`: expected at least "20ms", as fast as an agent can take '
            'it, got "19ms"',
        ),
        (
            GREET + 'send = "X"\nkey = "10"\n',
            ':4: macro "Greet": `key`: expected a digit in quotes, "1" to "9", got "10"',
        ),
        (
            GREET + 'send = "X"\nkey = 1\n',
            ':4: macro "Greet": `key`: expected a digit in quotes, "1" to "9", got 1',
        ),
        (
            GREET,
            ':1: macro "Greet": `send` is missing: expected a message such as "TYPE|argument", or '
            "a list of them, or `steps`",
        ),
        ("[[macro]]\nname = 3\n", ":2: macro 1: `name`: expected a name on one line "),
        ('[[macro]]\nname = ""\n', ":2: macro 1: `name`: expected a name on one line "),
        (GREET + "send = []\n", ':3: macro "Greet": `send`: expected a message such as '),
        (GREET + 'send = [\n"A",\n2]\n', ':5: macro "Greet": `send`: expected a message such as '),
        (
            GREET + 'send = [\n"A",\n"|B"]\n',
            ':5: macro "Greet": `send`: expected a message such as "TYPE|argument" on one line, '
            'got "|B"',
        ),
        (GREET + 'send = "A\\nB"\n', ':3: macro "Greet": `send`: expected a message such as '),
        (GREET + 'sned = "X"\n', ':3: macro "Greet": `sned` is no known key: did you mean `send`?'),
        (
            GREET + 'send = "X"\ncolour = 1\n',
            ':4: macro "Greet": `colour` is no known key: expected one of '
            "name, send, key, every, target",
        ),
        (GREET + 'send = "X"\ntarget = ""\n', ':4: macro "Greet": `target`: expected an agent '),
        ('[[macro]]\nsend = "X"\n', ":1: macro 1: `name` is missing: expected a name on one line"),
        ('[[macro]]\nname = " "\nsend = "X"\n', ':2: macro " ": `name`: expected a name on one '),
        ('[macro]\nname = "A"\n', ":1: `macro`: expected tables with the header [[macro]]"),
        ('macro = ["A"]\n', ":1: `macro`: expected tables with the header [[macro]]"),
        (
            BOTH + '[[macro]]\nname = "Greet"\nsend = "X"\n',
            ':12: macro "Greet": `name`: expected a name of its own, another macro has it too',
        ),
        (
            BOTH + '[[macro]]\nname = "C"\nkey = "1"\nsend = "X"\n',
            ':13: macro "C": `key`: expected a key of its own, "Test message" has "1" too',
        ),
        (
            'macro = [\n  { name = "A", send = "X" },\n  { name = "B", send = 1 },\n]\n',
            ':3: macro "B": `send`: expected a message such as ',
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_expected(text: str, shown: str) -> None:
    assert error(text).startswith(f"mdxdash.toml{shown}")


def test_a_form_learns_which_of_its_fields_is_wrong() -> None:
    with pytest.raises(ValidationError) as caught:
        macro_from_table({"name": "A", "send": "X", "every": "soon"})
    assert caught.value.key_path == ("every",)


types = st.text("ABC_あ", min_size=1, max_size=8)
macros = st.builds(
    Macro,
    name=st.text("abc 挨拶\"'\\#", min_size=1, max_size=8).filter(str.strip),
    send=st.lists(st.builds(Message, types, st.text('a|"\\ こ\t', max_size=8)), min_size=1).map(
        tuple
    ),
    key=st.none() | st.sampled_from("123456789"),
    every=st.none() | st.integers(20, 10**7).map(lambda thousandth: thousandth / 1000),
    target=st.none() | st.sampled_from(["chat", "chat*"]),
    params=st.sampled_from([(), (("who", "Mei"), ("名前", ""))]),
    on=st.none() | st.sampled_from(["type:A", 'hello  "b c"']).map(parse),
    overlap=st.sampled_from(["skip", "queue", "restart", "allow"]),
)


@given(macros)
def test_what_is_written_of_a_macro_is_read_as_the_same(macro: Macro) -> None:
    assert macro_from_table(table_from_macro(macro)) == macro


def test_a_macro_may_fire_every_20_ms_at_most() -> None:
    assert read(GREET + 'send = "X"\nevery = "20ms"\n')[0].every == SHORTEST_PERIOD


def test_everything_is_written_as_it_was_read_and_defaults_are_left_out() -> None:
    full = {
        "name": "M",
        "key": "1",
        "every": "2s",
        "on": 'type:A  "b c"',
        "cooldown": "1.5s",
        "overlap": "queue",
        "params": {"who": "Mei"},
        "send": ["A", "B|x"],
        "target": "chat",
    }
    assert table_from_macro(macro_from_table(full)) == full
    for short in ({"name": "M", "send": "A"}, {"name": "M", "steps": [{"send": "A"}]}):
        assert table_from_macro(macro_from_table(short | {"overlap": "skip"})) == short


@pytest.mark.parametrize(
    ("extra", "key_path"),
    [
        ({"send": ["A", "|B"]}, ("send", 1)),
        ({"send": "A", "cooldown": "2s"}, ("cooldown",)),
        ({"send": "A", "steps": [{"send": "B"}]}, ("steps",)),
        ({}, ()),
        ({"steps": [{"send": "A"}, {"repeat": 2, "steps": [{"sleep": "x"}]}]},
         ("steps", 1, "steps", 0, "sleep")),
    ],
)  # fmt: skip
def test_an_error_has_the_key_path_of_what_is_wrong(
    extra: dict[str, object], key_path: tuple[str | int, ...]
) -> None:
    with pytest.raises(ValidationError) as caught:
        macro_from_table({"name": "M"} | extra)
    assert caught.value.key_path == key_path


@pytest.mark.parametrize(
    ("table", "key", "message"),
    [
        ({"above": 3}, "above", "expected `on` beside it"),
        ({"absent": "x", "within": "1s"}, "absent", "expected `on` beside it"),
        ({"on": "x", "absent": "y"}, "absent", "expected `within` beside it"),
        ({"on": "x", "within": "1s"}, "within", "expected `absent` beside it"),
        ({"on": "x", "above": 0}, "above", "a number of events a minute"),
        ({"on": "x", "above": 1, "absent": "y", "within": "1s"}, "absent", "not both"),
        ({"on": "x", "absent": "y", "within": "soon"}, "within", "soon"),
    ],
)
def test_a_rule_stands_beside_on(table: dict[str, object], key: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        macro_from_table({"name": "M", "send": "A", **table})
    assert caught.value.key_path == (key,)
    assert message in caught.value.message


@pytest.mark.parametrize("rule", [{"above": 3}, {"absent": "type:B", "within": "5s"}, {}])
def test_a_rule_is_written_as_it_is_read(rule: dict[str, object]) -> None:
    table = {"name": "M", "on": "type:A", **rule, "send": "A"}
    assert table_from_macro(macro_from_table(table)) == table
