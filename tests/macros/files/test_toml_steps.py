"""Steps as a person writes them: each mistake with its line and what was expected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.filters.filter import parse
from mdxdash.macros.files.table_editing import add_macro, change_macro, delete_macro
from mdxdash.macros.files.toml_form import macro_from_table, read_macros, table_from_macro
from mdxdash.macros.files.toml_steps import steps_from_list, table_from_step
from mdxdash.macros.model import (
    ExpectStep,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    SleepStep,
    Step,
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
    st.builds(ExpectStep, filters, st.none() | filters, seconds),
    st.builds(SleepStep, seconds),
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
