"""Steps as a person writes them: each mistake with its line and what was expected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.filters.filter import parse
from mdxdash.macros.files.table_editing import add_macro, change_macro, delete_macro
from mdxdash.macros.files.toml_form import macro_from_table, read_macros, table_from_macro
from mdxdash.macros.files.toml_steps import (
    duration,
    filter_from_text,
    steps_from_list,
    table_from_step,
)
from mdxdash.macros.model import (
    ExpectStep,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    SleepStep,
    SpeakStep,
    Step,
    StopSpeechStep,
    WaitStep,
)
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.wire.message import Message
from tests.support.macro_texts import DIALOGUE, read, source


def test_steps_are_read_in_their_order() -> None:
    introduce, answer, _ = read(DIALOGUE)
    assert introduce.steps == (
        SendStep(Message("MODEL_ADD", "0|gene/Gene.pmd")),
        WaitStep(parse("type:MODEL_EVENT_ADD args:0")),
        SendStep(Message("SYNTH_START", "0|{voice}|私は{name}です")),
        WaitStep(parse("type:SYNTH_EVENT_STOP args:0"), 30.0),
        SleepStep(0.5),
        RepeatStep(3, (SendStep(Message("MOTION_ADD", "0|nod|nod.vmd|PART|ONCE")), SleepStep(1.0))),
        RunStep("Goodbye"),
    )
    assert introduce.params == (("name", "ミク"), ("voice", "mei_voice_normal"))
    assert (answer.on and answer.on.text, answer.cooldown, answer.overlap) == (
        "type:RECOG_EVENT_STOP hello",
        2.0,
        "skip",
    )


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ('run = "Goodbye"', 'run = "Godbye"', ':12: macro "Introduce": step 7: `run`: expected a '
         'macro of this file, got "Godbye": did you mean "Goodbye"?'),
        ('{ send = "MODEL_DELETE|0" }', '{ run = "Introduce" }', ':12: macro "Introduce": step 7: '
         '`run`: expected a macro that does not run this one again: "Introduce" → "Goodbye" → '),
        ('else = "stop"', 'else = "Introduce"', ':9: macro "Introduce": step 4: `else`: expected '),
        ("{voice}", "{voise}", ':8: macro "Introduce": step 3: `send`: {voise} is no known name: '
         "did you mean {voice}?"),
        ("私は{name}", "私は{name", ':8: macro "Introduce": step 3: `send`: '),
        ('"500ms"', '"500"', ':10: macro "Introduce": step 5: `sleep`: expected a duration such '),
        ('"500ms"', '"0s"', ':10: macro "Introduce": step 5: `sleep`: expected a duration above 0'),
        ('{ sleep = "1s" } ]', '{ slep = "1s" } ]', ':11: macro "Introduce": step 6.2: `slep` is '
         "no known key: did you mean `sleep`?"),
        ('{ sleep = "1s" } ]', '{ sleep = "1s", send = "A" } ]', ":11: macro \"Introduce\": step "
         "6.2: expected one of send, wait, "),
        ("repeat = 3", "repeat = 0", ':11: macro "Introduce": step 6: `repeat`: expected a '),
        (', steps = [ { send = "MOTION_ADD|0|nod|nod.vmd|PART|ONCE" }, { sleep = "1s" } ]', "",
         ':11: macro "Introduce": step 6: `steps` is missing beside `repeat`'),
        ('args:0", timeout = "30s"', 'arg:0", timeout = "30s"', ':9: macro "Introduce": step 4: '
         '`wait`: there is no term "arg:"'),
        ('timeout = "30s"', "timeout = 30", ':9: macro "Introduce": step 4: `timeout`: expected '),
        ('{ sleep = "500ms" }', '{ stop = "all" }', ':10: macro "Introduce": step 5: `stop`: '
         'expected "speech", got "all"'),
        ('{ sleep = "500ms" }', '{ play = "" }', ':10: macro "Introduce": step 5: `play`: expected '
         'a sound file such as "greet.wav"'),
        ('{ sleep = "500ms" }', '{ set = "who", from = "args[x]" }', ':10: macro "Introduce": step '
         '5: `from`: expected "type", "args", "agent", or an argument such as "args[0]"'),
        ('{ sleep = "500ms" }', '{ set = "args", from = "args" }', ':10: macro "Introduce": step '
         "5: `set`: expected a name of letters"),
        ('{ send = "MODEL_ADD|0|gene/Gene.pmd" }', '{ set = "who", from = "args[1]" }',
         ':6: macro "Introduce": step 1: `from`: `args[1]` has no value here'),
        ("hello\"      #", "(hello\" #", ':17: macro "Answer hello": `on`: '),
        ("{args}", "{arg}", ':19: macro "Answer hello": `send`: {arg} is no known name: did you '),
        ('cooldown = "2s"', 'cooldown = "2"', ':18: macro "Answer hello": `cooldown`: expected a '),
        ('on = "type:RECOG_EVENT_STOP hello"', "", ':18: macro "Answer hello": `cooldown`: '),
        ('params = { name = "ミク"', "params = { name = 3", ':4: macro "Introduce": `params`: '),
        ('key = "2"', 'overlap = "twice"', ':3: macro "Introduce": `overlap`: expected one of '),
        ('key = "2"', 'send = "A"', ':5: macro "Introduce": `steps`: expected either `send` or '),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_step_and_what_was_expected(
    old: str, new: str, shown: str
) -> None:
    assert old in DIALOGUE
    with pytest.raises(SettingsError) as caught:
        read(DIALOGUE.replace(old, new, 1))
    assert str(caught.value).startswith(f"mdxdash.toml{shown}")


filters = st.sampled_from(["type:A", 'args:"a b"', "hello -world", "is:echo type:B"]).map(parse)
seconds = st.integers(1, 10**6).map(lambda thousandth: thousandth / 1000)
simple: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        SendStep, st.builds(Message, st.just("A"), st.sampled_from(["", "x", "こ|{{", "{agent}"]))
    ),
    st.builds(WaitStep, filters, seconds, st.sampled_from(["stop", "continue", "Other"])),
    st.builds(ExpectStep, filters, st.none() | filters, seconds, st.none() | seconds),
    st.builds(SleepStep, seconds),
    st.builds(SpeakStep, st.just("a.wav"), model=st.sampled_from(["", "0"])),
    st.builds(
        SpeakStep,
        say=st.just("{agent}"),
        voice=st.sampled_from(["", "mei"]),
        interrupt_on=st.none() | filters,
    ),
    st.builds(StopSpeechStep, st.sampled_from(["", "0"])),
    st.builds(RunStep, st.just("Other"), st.sampled_from([(), (("who", "me"),)])),
    st.builds(
        SetStep, st.sampled_from(["who", "名前"]), st.sampled_from(["args", "args[1]", "type"])
    ),
)
steps = st.recursive(
    simple,
    lambda inner: st.builds(
        RepeatStep, st.integers(1, 9), st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


@given(st.lists(steps, min_size=1, max_size=5))
def test_what_is_written_of_steps_is_read_as_the_same(written: list[Step]) -> None:
    assert steps_from_list([table_from_step(step) for step in written]) == tuple(written)


def test_a_macro_with_everything_is_written_and_read_as_the_same() -> None:
    for macro in read(DIALOGUE):
        assert macro_from_table(table_from_macro(macro)) == macro


def test_changing_one_step_keeps_the_lines_of_the_others() -> None:
    table = table_from_macro(read(DIALOGUE)[0])
    table["steps"][4] = {"sleep": "2s"}
    changed = change_macro(source(DIALOGUE), "Introduce", macro_from_table(table))
    assert changed == DIALOGUE.replace('{ sleep = "500ms" }', '{sleep = "2s"}')


def test_a_macro_with_steps_is_added_a_step_a_line() -> None:
    table = table_from_macro(read(DIALOGUE)[2]) | {"name": "Bye"}
    assert add_macro(source(DIALOGUE), macro_from_table(table)).endswith(
        '[[macro]]\nname = "Bye"\nsteps = [\n    {send = "MODEL_DELETE|0"},\n'
        '    {wait = "type:MODEL_EVENT_DELETE args:0"},\n]\n'
    )


def test_a_macro_that_another_runs_is_not_deleted() -> None:
    with pytest.raises(
        ValidationError, match='macro "Introduce": `run`: expected a macro of this file'
    ):
        delete_macro(source(DIALOGUE), "Goodbye")


STEP_TABLES = """\
[[macro]]
name = "A"

[[macro.steps]]
send = "X"  # first

[[macro.steps]]
wait = "type:Y"

[[macro]]
name = "B"
send = "Z"
"""


def test_steps_as_tables_of_their_own_belong_to_their_macro() -> None:
    assert read(STEP_TABLES)[0].steps == (SendStep(Message("X")), WaitStep(parse("type:Y")))
    assert delete_macro(source(STEP_TABLES), "A") == '[[macro]]\nname = "B"\nsend = "Z"\n'
    table = table_from_macro(read(STEP_TABLES)[0]) | {"steps": [{"send": "Q"}]}
    changed = change_macro(source(STEP_TABLES), "A", macro_from_table(table))
    assert read_macros(source(changed))[0].steps == (SendStep(Message("Q")),)


STEPS = 'a list of steps such as [{ send = "TYPE" }, { wait = "type:TYPE" }]'
MESSAGE = 'a message such as "TYPE|argument" on one line'
FILTER = 'a filter such as "type:SYNTH_EVENT_STOP args:0"'
NAME = "a name of letters, digits and _ that is not type, args or agent"
VALUE = '"type", "args", "agent", or an argument such as "args[0]"'
ROUNDS = "a number of rounds from 1 to 1,000,000"
PARAMS = 'names with values such as { who = "Mei" }'
KINDS = "expected one of send, wait, expect, sleep, repeat, run, set, play, say, stop"
WHAT_FOLLOWS = '"stop", "continue" or the name of a macro'
SEND = {"send": "A"}


@pytest.mark.parametrize(
    ("step", "keys", "message"),
    [
        (3, (), 'expected a step such as { send = "TYPE" }, got 3'),
        ({}, (), f"{KINDS}, got nothing"),
        ({"slep": "1s"}, ("slep",), "`slep` is no known key: did you mean `sleep`?"),
        ({"send": "A", "wait": "B"}, ("wait",),
         f"{KINDS}, got send and wait: each is a step of its own"),
        ({"send": "A", "timeout": "2s"}, ("timeout",),
         "`timeout` is no known key: expected one of send"),
        ({"wait": "A", "not": "B"}, ("not",),
         "`not` is no known key: expected one of wait, timeout, else"),
        ({"send": 3}, ("send",), f"`send`: expected {MESSAGE}, got 3"),
        ({"send": ""}, ("send",), f'`send`: expected {MESSAGE}, got ""'),
        ({"send": " |a"}, ("send",), f'`send`: expected {MESSAGE}, got " |a"'),
        ({"send": "A\nB"}, ("send",), f'`send`: expected {MESSAGE}, got "A\\nB"'),
        ({"send": "A\rB"}, ("send",), f'`send`: expected {MESSAGE}, got "A\\rB"'),
        ({"send": "A|{"}, ("send",),
         '`send`: "{" has a { without }: expected {name}, or {{ for a brace'),
        ({"wait": 3}, ("wait",), f"`wait`: expected {FILTER}, got 3"),
        ({"wait": " "}, ("wait",), f'`wait`: expected {FILTER}, got " "'),
        ({"wait": "args:{"}, ("wait",),
         '`wait`: "{" has a { without }: expected {name}, or {{ for a brace'),
        ({"wait": "A", "else": 3}, ("else",), f"`else`: expected {WHAT_FOLLOWS}, got 3"),
        ({"wait": "A", "else": " "}, ("else",), f'`else`: expected {WHAT_FOLLOWS}, got " "'),
        ({"wait": "A", "timeout": 3}, ("timeout",),
         '`timeout`: expected a duration above 0 such as "10s" or "500ms", got 3'),
        ({"expect": ""}, ("expect",), f'`expect`: expected {FILTER}, got ""'),
        ({"expect": "A", "not": ""}, ("not",), f'`not`: expected {FILTER}, got ""'),
        ({"expect": "A", "timeout": "0s"}, ("timeout",),
         '`timeout`: expected a duration above 0 such as "10s" or "500ms", got "0s"'),
        ({"sleep": 3}, ("sleep",),
         '`sleep`: expected a duration above 0 such as "1s" or "500ms", got 3'),
        ({"repeat": "2", "steps": [SEND]}, ("repeat",), f'`repeat`: expected {ROUNDS}, got "2"'),
        ({"repeat": True, "steps": [SEND]}, ("repeat",), f"`repeat`: expected {ROUNDS}, got true"),
        ({"repeat": 0, "steps": [SEND]}, ("repeat",), f"`repeat`: expected {ROUNDS}, got 0"),
        ({"repeat": 1_000_001, "steps": [SEND]}, ("repeat",),
         f"`repeat`: expected {ROUNDS}, got 1000001"),
        ({"repeat": 2}, ("repeat",), f"`steps` is missing beside `repeat`: expected {STEPS}"),
        ({"repeat": 2, "steps": []}, ("steps",), f"`steps`: expected {STEPS}, got []"),
        ({"repeat": 2, "steps": [SEND, 3]}, ("steps", 1),
         'expected a step such as { send = "TYPE" }, got 3'),
        ({"run": 3}, ("run",), "`run`: expected the name of a macro, got 3"),
        ({"run": " "}, ("run",), '`run`: expected the name of a macro, got " "'),
        ({"run": "A", "params": 3}, ("params",), f"`params`: expected {PARAMS}, got 3"),
        ({"run": "A", "params": {"x y": "a"}}, ("params", "x y"),
         f'`params`: expected {NAME}, got "x y"'),
        ({"run": "A", "params": {"type": "a"}}, ("params", "type"),
         f'`params`: expected {NAME}, got "type"'),
        ({"run": "A", "params": {"x": 3}}, ("params", "x"),
         '`params`: `x`: expected a text such as "Mei", got 3'),
        ({"run": "A", "params": {"x": "{"}}, ("params",),
         '`params`: "{" has a { without }: expected {name}, or {{ for a brace'),
        ({"set": 3, "from": "args"}, ("set",), f"`set`: expected {NAME}, got 3"),
        ({"set": "a b", "from": "args"}, ("set",), f'`set`: expected {NAME}, got "a b"'),
        ({"set": "who"}, ("set",), f"`from` is missing beside `set`: expected {VALUE}"),
        ({"set": "who", "from": 3}, ("from",), f"`from`: expected {VALUE}, got 3"),
        ({"set": "who", "from": "text"}, ("from",), f'`from`: expected {VALUE}, got "text"'),
    ],
)  # fmt: skip
def test_a_step_that_is_written_wrongly(
    step: object, keys: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        steps_from_list([SEND, step])
    assert (caught.value.key_path, caught.value.message) == (("steps", 1, *keys), message)


@pytest.mark.parametrize(("steps", "shown"), [([], "[]"), ("send", '"send"')])
def test_steps_are_a_list_that_is_not_empty(steps: object, shown: str) -> None:
    with pytest.raises(ValidationError) as caught:
        steps_from_list(steps)
    assert (caught.value.key_path, caught.value.message) == (
        ("steps",),
        f"`steps`: expected {STEPS}, got {shown}",
    )


def test_a_filter_that_cannot_be_parsed_is_an_error_with_its_column() -> None:
    with pytest.raises(ValidationError) as caught:
        filter_from_text("wait", "type:A (b")
    assert caught.value.key_path == ("wait",)
    assert caught.value.message.startswith("`wait`: ")
    assert caught.value.message.endswith(" (column 10)")


def test_the_text_of_a_filter_is_kept_and_parsed() -> None:
    filter_ = filter_from_text("wait", 'type:A  "b"')
    assert (filter_.text, filter_) == ('type:A  "b"', parse("type:A b"))


def test_a_duration_without_an_example_of_its_own() -> None:
    with pytest.raises(ValidationError) as caught:
        duration("cooldown", 3)
    assert caught.value.message == (
        '`cooldown`: expected a duration above 0 such as "2s" or "500ms", got 3'
    )


def test_the_largest_number_of_rounds() -> None:
    (step,) = steps_from_list([{"repeat": 1_000_000, "steps": [SEND]}])
    assert step == RepeatStep(1_000_000, (SendStep(Message("A")),))


@pytest.mark.parametrize(
    "table",
    [
        {"wait": "type:A  b"},
        {"wait": "A", "timeout": "2s", "else": "continue"},
        {"expect": "A  b", "not": "C  d", "timeout": "2s"},
        {"expect": "A"},
        {"run": "Other"},
        {"run": "Other", "params": {"who": "{agent}"}},
        {"set": "who", "from": "args[1]"},
        {"repeat": 2, "steps": [{"sleep": "1s"}]},
    ],
)
def test_a_step_is_written_as_it_was_read(table: dict[str, object]) -> None:
    (step,) = steps_from_list([table])
    assert table_from_step(step) == table
