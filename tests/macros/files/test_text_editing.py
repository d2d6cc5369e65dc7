"""A macro's own text in the user's file: had, checked, put back."""

import pytest

from mdxdash.macros.files.ready_made import library
from mdxdash.macros.files.text_editing import (
    add_text,
    change_text,
    check_among,
    macro_text,
    read_macro_text,
    text_of,
)
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import DEFAULT_MACROS, Macro
from mdxdash.settings.toml_source import SettingsError
from mdxdash.settings.validation import ValidationError
from mdxdash.wire.message import Message
from tests.support.macro_texts import source

FILE = """\
port = 1

# one
[[macro]]
name = "One"
send = [
  "A",   # a
]

[[macro]]
name = "Two"
steps = [ { run = "One" } ]

[hub]
port = 2
"""


def test_the_text_of_a_macro_has_its_comments() -> None:
    assert macro_text(source(FILE), "One") == (
        '# one\n[[macro]]\nname = "One"\nsend = [\n  "A",   # a\n]\n'
    )


def test_a_text_that_is_put_back_unchanged_changes_nothing() -> None:
    before = macro_text(source(FILE), "One")
    assert change_text(source(FILE), "One", before, before) == FILE


def test_what_is_typed_stands_in_the_file_as_it_was_typed() -> None:
    before = macro_text(source(FILE), "Two")
    after = '[[macro]]\n# new\nname   = "Zwei"\nsend="B"'
    changed = change_text(source(FILE), "Two", before, after)
    assert changed == FILE.replace(before, after + "\n")


def test_a_file_with_windows_line_ends_keeps_them() -> None:
    file = FILE.replace("\n", "\r\n")
    before = macro_text(source(file), "One")
    changed = change_text(source(file), "One", before, before.replace('"A"', '"B"'))
    assert changed == file.replace('"A"', '"B"')


def test_macros_in_an_array_are_changed_there() -> None:
    file = 'macro = [ { name = "One", send = "A" } ]\n'
    before = macro_text(source(file), "One")
    changed = change_text(source(file), "One", before, before.replace('"A"', '"B"'))
    assert changed == file.replace('"A"', '"B"')


def test_the_default_macro_can_be_edited_where_the_file_has_none() -> None:
    before = macro_text(source(""), DEFAULT_MACROS[0].name)
    changed = change_text(source(""), "Test message", before, before.replace("2s", "3s"))
    assert read_macros(source(changed))[0].every == 3.0


@pytest.mark.parametrize("file", [FILE, "", "macro = []\n", 'macro = [{name="X", send="A"}]\n'])
def test_a_macro_is_added_in_its_own_words(file: str) -> None:
    text = '# mine\n[[macro]]\nname = "New"\nsend   = "A"\n'
    added = add_text(source(file), text)
    assert read_macros(source(added))[-1].name == "New"
    assert text in added or file.startswith("macro = [{")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[[macro]]\nname = "One\n', 2, "no valid TOML"),
        ('[[macro]]\nname = "N"\nsned = "A"\n', 3, "sned"),
        ('[[macro]]\nname = "N"\nsteps = [\n  { run = "Nobody" },\n]\n', 4, "Nobody"),
        ('[[macro]]\nname = "Two"\nsend = "A"\n', 2, "name of its own"),
        (
            '[[macro]]\nname = "N"\nsend = "A"\n[[macro]]\n',
            4,
            "expected one macro under the header [[macro]], got 2",
        ),
        (
            '[[macro]]\nname = "N"\nsend = "A"\n[hub]\nport = 1\n',
            4,
            "`hub`: expected nothing but one [[macro]] here",
        ),
        ("", None, "expected one macro under the header [[macro]], got 0"),
        ("\nmacro = 3\n", 2, "expected one macro under the header [[macro]], got 0"),
        ("\nmacro = [3]\n", 2, "expected one macro under the header [[macro]], got 1"),
    ],
)
def test_a_mistake_has_the_line_of_the_text(text: str, line: int | None, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_macro_text(text, read_macros(source(FILE)), "One")
    assert caught.value.line == line
    assert says in caught.value.message


def test_a_macro_that_another_runs_cannot_be_renamed() -> None:
    before = macro_text(source(FILE), "One")
    with pytest.raises(SettingsError) as caught:
        change_text(source(FILE), "One", before, before.replace("One", "Uno"))
    assert caught.value.message.startswith('macro "Two": `run`: expected a macro of this file')


def test_a_block_that_changed_meanwhile_is_left_alone() -> None:
    before = macro_text(source(FILE), "One")
    with pytest.raises(SettingsError) as caught:
        change_text(source(FILE.replace("# a", "# b")), "One", before, before)
    assert str(caught.value) == (
        'mdxdash.toml: the macro "One" was changed in the file meanwhile: leave, and edit it again'
    )


def test_a_macro_that_is_gone_has_no_text() -> None:
    with pytest.raises(SettingsError) as caught:
        macro_text(source(FILE), "Gone")
    assert caught.value.message == 'there is no macro "Gone": the file was changed meanwhile'


def test_a_macro_whose_place_was_taken_is_new_among_the_others() -> None:
    macros = read_macros(source(FILE))
    check_among(Macro("Three", (Message("A"),)), macros, "Gone")
    with pytest.raises(ValidationError):
        check_among(Macro("Two", (Message("A"),)), macros, "Gone")


def test_a_text_that_would_become_part_of_another_table_is_refused() -> None:
    file = '[hub]\nport = 1\n\n[[macro]]\nname = "One"\nsend = "A"\n'
    before = macro_text(source(file), "One")
    with pytest.raises(SettingsError) as caught:
        change_text(source(file), "One", before, 'macro = [{ name = "One", send = "B" }]\n')
    assert caught.value.message == (
        "the file is written in a way that cannot be edited here: edit it by hand"
    )


def test_blank_lines_around_a_text_are_not_kept() -> None:
    before = macro_text(source(FILE), "Two")
    after = '[[macro]]\nname = "Zwei"\nsend = "B"\n'
    changed = change_text(source(FILE), "Two", before, f"\n\n{after}\n\n")
    assert changed == FILE.replace(before, after)


def test_a_text_of_a_file_with_windows_line_ends_is_edited_with_plain_ones() -> None:
    assert macro_text(source(FILE.replace("\n", "\r\n")), "Two") == macro_text(source(FILE), "Two")


def test_every_ready_made_macro_has_a_text_that_says_it() -> None:
    for macro in library():
        assert read_macro_text(text_of(macro), (), None) == macro
