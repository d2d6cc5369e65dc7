"""Editing macros in a file that a person wrote: the macro changes, its surroundings do not."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mdxdash.macros.files.table_editing import NO_MACROS, add_macro, change_macro, delete_macro
from mdxdash.macros.files.toml_form import macro_from_table, read_macros
from mdxdash.macros.model import Macro, RunStep
from mdxdash.settings.toml_source import SettingsError, TomlSource
from mdxdash.settings.validation import ValidationError
from mdxdash.wire.message import Message
from tests.support.macro_texts import source

WAVE = Macro("Wave", (Message("MOTION_ADD", "0|wave|wave.vmd"),), key="9")

HEAD = "# My settings.\nversion = 1\n\n"
TEST = """\
# Is it there?
[[macro]]   # the first
name = "Test"    # shown in the list
every = "2.0s"   # not too often
send = [
  "TEST_MESSAGE", # one
  "TEST_MESSAGE|2", # two
]
# send = "OTHER"

"""
SECTION = "# ---- Greetings ----\n\n"
GREET = "# Says hello.\n[[macro]]\nsend=\"HELLO\"\nname = 'Greet'\n\n"
HUB = "# Where it waits.\n[hub]\nport   = 9001"
WRITTEN = HEAD + TEST + SECTION + GREET + HUB


def test_a_macro_is_added_after_the_last_one() -> None:
    added = '[[macro]]\nname = "Wave"\nkey = "9"\nsend = "MOTION_ADD|0|wave|wave.vmd"\n\n'
    assert add_macro(source(WRITTEN), WAVE) == HEAD + TEST + SECTION + GREET + added + HUB


def test_a_deleted_macro_takes_its_own_comments_along_and_no_others() -> None:
    assert delete_macro(source(WRITTEN), "Test") == HEAD + SECTION + GREET + HUB
    assert delete_macro(source(WRITTEN), "Greet") == HEAD + TEST + SECTION + HUB


def test_a_comment_right_above_the_next_macro_is_the_next_one_s() -> None:
    text = '[[macro]]\nname = "A"\nsend = "X"\n' + GREET
    assert delete_macro(source(text), "A") == GREET


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"name": "Ping"}, '"Test"    #', '"Ping"    #'),
        ({"every": "500ms"}, '"2.0s"   #', '"500ms"   #'),
        ({"every": None}, 'every = "2.0s"   # not too often\n', ""),
        ({"key": "3"}, '"OTHER"\n', '"OTHER"\nkey = "3"\n'),
        ({"send": ["TEST_MESSAGE", "X"]}, '"TEST_MESSAGE|2", #', '"X", #'),
        ({}, "", ""),
    ],
)
def test_only_what_changed_is_written(changes: dict[str, object], old: str, new: str) -> None:
    table = {"name": "Test", "every": "2s", "send": ["TEST_MESSAGE", "TEST_MESSAGE|2"], **changes}
    macro = macro_from_table({key: value for key, value in table.items() if value is not None})
    assert change_macro(source(WRITTEN), "Test", macro) == WRITTEN.replace(old, new, 1)


def test_a_long_list_of_lines_is_written_over_several_lines() -> None:
    lines = tuple(Message("SYNTH_START", f"0|mei_voice_normal|{number}") for number in range(4))
    assert add_macro(source("macro = []\n"), Macro("Talk", lines)) == (
        '[[macro]]\nname = "Talk"\nsend = [\n'
        + "".join(f'    "SYNTH_START|0|mei_voice_normal|{number}",\n' for number in range(4))
        + "]\n"
    )


DEFAULT_WRITTEN = (
    '[[macro]]\nname = "Test message"\nkey = "1"\nevery = "2s"\nsend = "TEST_MESSAGE"\n'
)
WAVE_WRITTEN = '[[macro]]\nname = "Wave"\nkey = "9"\nsend = "MOTION_ADD|0|wave|wave.vmd"\n'


def test_the_first_macro_brings_the_default_along() -> None:
    assert add_macro(source(HUB), WAVE) == f"{HUB}\n\n{DEFAULT_WRITTEN}\n{WAVE_WRITTEN}"


def test_the_default_can_be_changed() -> None:
    assert change_macro(source(""), "Test message", WAVE) == WAVE_WRITTEN


def test_the_default_can_be_deleted_for_good() -> None:
    text = delete_macro(source(HUB), "Test message")
    assert read_macros(source(text)) == ()
    assert text.endswith(f"\n\n{HUB}\n")


def test_after_the_last_one_was_deleted_a_new_one_is_alone() -> None:
    text = delete_macro(source(HUB + "\n"), "Test message")
    assert add_macro(source(text), WAVE) == f"{HUB}\n\n{WAVE_WRITTEN}"


INLINE = 'macro = [\n  { name = "A", send = "X" }, # first\n  { name = "B", send = "Y" },\n]\n'


def test_macros_in_an_array_are_edited_there() -> None:
    changed = change_macro(source(INLINE + HUB), "A", Macro("A", (Message("Z"),)))
    assert changed == INLINE.replace('"X"', '"Z"') + HUB
    assert read_macros(source(add_macro(source(INLINE + HUB), WAVE)))[2] == WAVE
    assert "first" not in delete_macro(source(INLINE + HUB), "A")


SUBTABLES = """\
[[macro]]
name = "A"
send = "X"

[hub]
port = 1

[[macro]]
name = "B"
send = "Y"
"""


def test_macros_on_both_sides_of_another_table_are_each_edited_in_their_place() -> None:
    assert delete_macro(source(SUBTABLES), "A") == SUBTABLES.partition("\n\n")[2]
    assert (
        delete_macro(source(SUBTABLES), "B") == SUBTABLES.partition('[[macro]]\nname = "B')[0][:-1]
    )


def test_a_taken_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="expected a name of its own"):
        add_macro(source(WRITTEN), Macro("Greet", (Message("X"),)))


def test_a_macro_may_keep_its_own_key_while_it_changes() -> None:
    text = change_macro(source(WAVE_WRITTEN), "Wave", Macro("W", (Message("X"),), key="9"))
    assert read_macros(source(text)) == (Macro("W", (Message("X"),), key="9"),)


def test_a_macro_that_is_gone_cannot_be_changed() -> None:
    with pytest.raises(SettingsError, match='toml: there is no macro "Gone": the file was changed'):
        delete_macro(source(WRITTEN), "Gone")


def test_a_file_with_a_mistake_is_not_edited() -> None:
    with pytest.raises(SettingsError, match="`sned` is no known key"):
        add_macro(source('[[macro]]\nname = "A"\nsned = "X"\n'), WAVE)


EDITS: list[Callable[[TomlSource], str]] = [
    lambda source: add_macro(source, WAVE),
    lambda source: delete_macro(source, "Test"),
    lambda source: change_macro(source, "Test", WAVE),
    lambda source: change_macro(source, "Greet", WAVE),
]


@pytest.mark.parametrize("edit", EDITS)
def test_a_file_with_windows_line_ends_keeps_them(edit: Callable[[TomlSource], str]) -> None:
    windows = WRITTEN.replace("\n", "\r\n")
    assert edit(source(windows)) == edit(source(WRITTEN)).replace("\n", "\r\n")


@pytest.mark.parametrize("edit", EDITS)
def test_a_byte_order_mark_stays_the_first_thing(edit: Callable[[TomlSource], str]) -> None:
    text = WRITTEN.removeprefix(HEAD)
    assert edit(source("\ufeff" + text)) == "\ufeff" + edit(source(text))


# What surrounds a macro


def test_a_multiline_text_right_above_is_no_comment_of_the_macro() -> None:
    above = 'x = """\na\n# b"""\n'
    text = above + '[[macro]]\nname = "A"\nsend = "X"\n\n' + GREET
    assert delete_macro(source(text), "A") == above + GREET


def test_a_comment_right_below_another_table_is_the_macros_own() -> None:
    text = '[hub]\nport = 1\n# Mine.\n[[macro]]\nname = "A"\nsend = "X"\n\n' + GREET
    assert delete_macro(source(text), "A") == "[hub]\nport = 1\n" + GREET


def test_the_line_that_says_there_are_none_stands_before_all_headers() -> None:
    text = 'version = 1\nx = """\na\n# b"""\n# Where.\n[hub]\nport = 1\n\n' + GREET
    assert delete_macro(source(text), "Greet") == (
        f'version = 1\nx = """\na\n# b"""\n{NO_MACROS}\n# Where.\n[hub]\nport = 1\n'
    )


@pytest.mark.parametrize("head", ["", "version = 1\n"])
def test_the_line_that_says_there_are_none_may_be_the_last(head: str) -> None:
    assert delete_macro(source(head + GREET), "Greet") == head + NO_MACROS


def test_a_macro_is_set_apart_from_a_table_right_below() -> None:
    text = WAVE_WRITTEN.replace("Wave", "A").replace("9", "8") + "[hub]\nport = 1\n"
    assert add_macro(source(text), WAVE) == text.replace("[hub]", f"\n{WAVE_WRITTEN}\n[hub]")


@pytest.mark.parametrize("end", ["\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n"])
def test_one_blank_line_or_more_stands_before_a_macro_that_is_added(end: str) -> None:
    newline = "\r\n" if "\r" in end else "\n"
    added = add_macro(source(f"macro = []{newline}x = 1{end}"), WAVE)
    head = added.partition("[[macro]]")[0]
    assert head.removeprefix("x = 1") == (newline * 2 if end == newline else end)


def test_a_file_with_a_byte_order_mark_alone_has_no_blank_line() -> None:
    assert add_macro(source("\ufeffmacro = []\n"), WAVE) == "\ufeff" + WAVE_WRITTEN


def test_the_line_that_says_there_are_none_goes_with_the_first_macro() -> None:
    text = "x = 1\nmacro = []\ny = 2\n"
    assert add_macro(source(text), WAVE) == f"x = 1\ny = 2\n\n{WAVE_WRITTEN}"


@pytest.mark.parametrize(("more", "lines"), [(0, 3), (1, 6)])
def test_a_list_of_up_to_90_characters_stands_on_one_line(more: int, lines: int) -> None:
    messages = (Message("A" * 40), Message("B" * (42 + more)))
    text = add_macro(source("macro = []\n"), Macro("M", messages))
    assert len('["", ""]' + "A" * 40 + "B" * 42) == 90
    assert len(text.splitlines()) == lines


def test_a_table_in_the_middle_of_a_macro_is_left_alone() -> None:
    text = '[[macro]]\nname = "A"\n[hub]\nport = 1\n[[macro.steps]]\nsend = "X"\n'
    with pytest.raises(SettingsError) as caught:
        change_macro(source(text), "A", WAVE)
    assert str(caught.value) == (
        "mdxdash.toml: the macros are written in a way that cannot be edited here "
        "(another table stands in the middle of one): edit the file"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [('"AB"', ["X", "Y"]), ('["A", "B"]', ["XY"]), ('["A", "B"]', ["X", "B"]), ('"A"', ["B"])],
)
def test_a_line_becomes_a_list_and_a_list_a_line(old: str, new: list[str]) -> None:
    text = f'[[macro]]\nname = "M"\nsend = {old}\n'
    macro = Macro("M", tuple(map(Message, new)))
    written = f'"{new[0]}"' if len(new) == 1 else '["' + '", "'.join(new) + '"]'
    assert change_macro(source(text), "M", macro) == text.replace(old, written)


# What does not go with the other macros


RUNS = """\
[[macro]]
name = "A"
send = "X"
[[macro]]
name = "B"
steps = [{ run = "A" }]
[[macro]]
name = "C"
steps = [{ run = "B" }]
"""
NOT_THERE = "`run`: expected a macro of this file, got "


def test_a_macro_that_runs_what_is_not_there_is_not_added() -> None:
    with pytest.raises(ValidationError) as caught:
        add_macro(source(RUNS), Macro("D", steps=(RunStep("Nobody"),)))
    assert (caught.value.key_path, caught.value.message) == (
        ("steps", 0, "run"),
        f'macro "D": {NOT_THERE}"Nobody"',
    )


def test_a_macro_is_not_renamed_while_another_runs_it() -> None:
    for name, runner in (("A", "B"), ("B", "C")):
        with pytest.raises(ValidationError, match=f'^macro "{runner}": {NOT_THERE}"{name}"'):
            change_macro(source(RUNS), name, WAVE)


def test_a_macro_is_not_deleted_while_another_runs_it() -> None:
    for name, runner in (("A", "B"), ("B", "C")):
        with pytest.raises(ValidationError, match=f'^macro "{runner}": {NOT_THERE}"{name}"'):
            delete_macro(source(RUNS), name)


def test_a_macro_does_not_take_the_name_of_another() -> None:
    with pytest.raises(ValidationError, match="expected a name of its own"):
        change_macro(source(RUNS), "C", Macro("A", (Message("X"),)))


def test_a_macro_may_take_the_place_of_one_that_runs_another() -> None:
    for name in "BC":
        changed = change_macro(source(RUNS), name, Macro(name, (Message("X"),)))
        assert [macro.name for macro in read_macros(source(changed))] == ["A", "B", "C"]


gaps = st.sampled_from(["", "\n", "\n\n", "# note\n", "\n# note\n\n", "  \n", "# [[macro]]\n\n"])
sends = st.sampled_from(['"X"', "'X|y'", '["X", "Y"]', '[\n "X", # x\n "Y"\n]', '"""X"""'])
others = st.sampled_from(["[hub]\nport = 1\n", "[screen] # s\ntheme = '[[macro]]'\n"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file with two to four macros, other tables between them, gaps and comments anywhere."""
    parts = [draw(st.sampled_from(["", "version = 1\n"])), draw(gaps)]
    tables = [
        f'[[macro]]\n{draw(gaps)}name = "M{number}"\n{draw(gaps)}send = {draw(sends)} # end\n'
        for number in range(draw(st.integers(2, 4)))
    ]
    for table in draw(st.lists(others, max_size=2, unique=True)):
        tables.insert(draw(st.integers(0, len(tables))), table)
    for table in tables:
        parts += [table, draw(gaps)]
    text = "".join(parts)
    text = draw(st.sampled_from([text, text.rstrip("\n")]))
    return draw(st.sampled_from([text, text.replace("\n", "\r\n"), "\ufeff" + text]))


def without_blank_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def lines_of(text: str) -> list[str]:
    """The lines with their ends; a byte order mark belongs to the file and not to its first."""
    return text.removeprefix("\ufeff").splitlines(keepends=True)


def is_part_of(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(line in rest for line in part)


@given(files(), st.data())
def test_deleting_only_takes_lines_away(text: str, data: st.DataObject) -> None:
    macros = read_macros(source(text))
    gone = data.draw(st.sampled_from(macros))
    left = delete_macro(source(text), gone.name)
    assert read_macros(source(left)) == tuple(macro for macro in macros if macro != gone)
    assert is_part_of(lines_of(left), lines_of(text))


@given(files())
def test_adding_only_puts_lines_in(text: str) -> None:
    more = add_macro(source(text), WAVE)
    assert read_macros(source(more)) == (*read_macros(source(text)), WAVE)
    assert is_part_of(without_blank_lines(text), without_blank_lines(more))


@given(files(), st.data())
def test_changing_touches_no_line_outside_the_macro(text: str, data: st.DataObject) -> None:
    macros = read_macros(source(text))
    index = data.draw(st.integers(0, len(macros) - 1))
    changed = change_macro(source(text), macros[index].name, WAVE)
    assert read_macros(source(changed)) == (*macros[:index], WAVE, *macros[index + 1 :])
    back = change_macro(source(changed), "Wave", macros[index])
    own = f'"{macros[index].name}"'
    before, after = text.partition(own)[0], text.partition(own)[2].partition("# end")[2]
    assert back.startswith(before)
    assert back.endswith(after)


@given(files(), st.lists(st.integers(0, 3), max_size=6))
@example('[[macro]]\nname = "M0"\nsend = "X"\n\n# a note', [2])
def test_any_row_of_edits_leaves_a_file_that_says_what_was_asked(
    text: str, choices: list[int]
) -> None:
    for number, choice in enumerate(choices):
        macros = read_macros(source(text))
        fresh = Macro(f"N{number}", (Message("N"),))
        if choice == 0 or not macros:
            text, wanted = add_macro(source(text), fresh), (*macros, fresh)
        elif choice == 1:
            text, wanted = change_macro(source(text), macros[-1].name, fresh), (*macros[:-1], fresh)
        else:
            text, wanted = delete_macro(source(text), macros[0].name), macros[1:]
        assert read_macros(source(text)) == wanted
