"""The macros of a file that the user edits while mdxdash runs."""

import os
from pathlib import Path

import pytest

from mdxdash.macros.files.watched_file import MacroFile, look
from mdxdash.macros.model import DEFAULT_MACROS, Macro
from mdxdash.settings.toml_source import SettingsError
from mdxdash.wire.message import Message

ONE = '[[macro]]\nname = "One"\nsend = "X"\n'
TWO = '[[macro]]\nname = "Two"\nsend = "Y"\n'
LONG_AGO = (1_700_000_000, 1_700_000_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mdxdash.toml"


@pytest.fixture
def macros(path: Path) -> MacroFile:
    """The macros of a file with one macro, already read."""
    path.write_text(ONE, encoding="utf-8")
    file = MacroFile(path)
    file.refresh()
    return file


def names(file: MacroFile) -> list[str]:
    return [macro.name for macro in file.macros]


def test_without_a_file_the_test_message_is_there(path: Path) -> None:
    file = MacroFile(path)
    assert (file.refresh(), file.macros, file.error) == (False, DEFAULT_MACROS, None)


def test_a_file_that_comes_into_being_is_taken_over(path: Path) -> None:
    file = MacroFile(path)
    file.refresh()
    path.write_text(ONE, encoding="utf-8")
    assert (file.refresh(), names(file)) == (True, ["One"])


def test_a_change_of_equal_size_in_the_same_moment_is_taken_over(
    macros: MacroFile, path: Path
) -> None:
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    path.write_text(TWO, encoding="utf-8")
    os.utime(path, ns=times)
    assert (macros.refresh(), names(macros)) == (True, ["Two"])


def test_nothing_changed_is_no_change(macros: MacroFile) -> None:
    assert macros.refresh() is False


def test_an_old_file_is_not_read_again(path: Path) -> None:
    path.write_text(ONE, encoding="utf-8")
    os.utime(path, LONG_AGO)
    stamp = look(path, None).stamp
    path.write_text(TWO, encoding="utf-8")
    os.utime(path, LONG_AGO)
    assert look(path, stamp).content is None


def test_a_file_that_was_only_touched_has_no_new_content(path: Path) -> None:
    path.write_text(ONE, encoding="utf-8")
    stamp = look(path, None).stamp
    os.utime(path, LONG_AGO)
    found = look(path, stamp)
    assert found.content is None
    assert found.stamp.settled


def test_a_mistake_keeps_the_last_good_macros(macros: MacroFile, path: Path) -> None:
    path.write_text('[[macro]]\nname = "One"\nsend = 1\n', encoding="utf-8")
    assert macros.refresh() is True
    assert names(macros) == ["One"]
    assert macros.error is not None
    assert macros.error.line == 3


def test_a_mistake_stands_until_it_is_mended(macros: MacroFile, path: Path) -> None:
    path.write_text("[[macro", encoding="utf-8")
    macros.refresh()
    assert (macros.refresh(), macros.error is None) == (False, False)
    path.write_text(ONE, encoding="utf-8")
    assert (macros.refresh(), macros.error) == (True, None)


def test_a_file_that_is_gone_keeps_its_macros_until_it_is_back(
    macros: MacroFile, path: Path
) -> None:
    away = path.rename(path.with_name("away"))
    assert macros.refresh() is True
    assert names(macros) == ["One"]
    assert "the file is gone" in str(macros.error)
    away.rename(path)
    assert (macros.refresh(), macros.error) == (True, None)


def test_what_cannot_be_read_is_tried_again(macros: MacroFile, path: Path) -> None:
    path.unlink()
    path.mkdir()
    macros.refresh()
    assert "the file cannot be read" in str(macros.error)
    path.rmdir()
    path.write_text(TWO, encoding="utf-8")
    assert (macros.refresh(), names(macros)) == (True, ["Two"])


def test_a_macro_that_is_added_is_in_force_and_in_the_file(macros: MacroFile, path: Path) -> None:
    macros.add(Macro("Wave", (Message("W"),)))
    again = MacroFile(path)
    again.refresh()
    assert names(macros) == names(again) == ["One", "Wave"]


def test_what_was_written_here_is_no_change_from_outside(macros: MacroFile) -> None:
    macros.change("One", Macro("Uno", (Message("X"),)))
    assert macros.refresh() is False


def test_what_was_written_outside_meanwhile_is_kept(macros: MacroFile, path: Path) -> None:
    path.write_text(ONE + "\n" + TWO, encoding="utf-8")
    macros.delete("One")
    assert path.read_text(encoding="utf-8") == TWO


def test_the_first_macro_saved_writes_a_file_that_explains_itself(path: Path) -> None:
    file = MacroFile(path)
    file.refresh()
    file.add(Macro("Wave", (Message("W"),)))
    assert names(file) == ["Test message", "Wave"]
    assert path.read_text(encoding="utf-8").startswith("# Settings and macros of mdxdash.")


def test_a_file_with_a_mistake_is_not_written(macros: MacroFile, path: Path) -> None:
    path.write_text("[[macro", encoding="utf-8")
    with pytest.raises(SettingsError, match="no valid TOML"):
        macros.add(Macro("Wave", (Message("W"),)))
    assert path.read_text(encoding="utf-8") == "[[macro"


def test_a_file_that_is_gone_is_not_written_anew(macros: MacroFile, path: Path) -> None:
    path.unlink()
    with pytest.raises(SettingsError, match="the file is gone"):
        macros.delete("One")
    assert not path.exists()


def test_a_file_is_opened_at_the_line_of_a_macro_and_taken_over_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "mdxdash.toml"
    path.write_text('# mine\n\n[[macro]]\nname = "A"\nsend = "A"\n', encoding="utf-8")
    file = MacroFile(path)
    file.refresh()
    before, line = file.to_edit("A")
    assert line == 3
    assert file.to_edit("B")[1] is None
    path.write_text('[[macro]]\nname = "B"\nsend = "B"\n', encoding="utf-8")
    file.take_edited(before)
    assert [macro.name for macro in file.macros] == ["B"]
    path.write_text('[[macro]]\nname = "B"\n', encoding="utf-8")
    file.take_edited(before)
    assert file.error is not None and [macro.name for macro in file.macros] == ["B"]


def test_a_file_that_does_not_exist_is_created_to_be_edited(tmp_path: Path) -> None:
    file = MacroFile(tmp_path / "mdxdash.toml")
    assert file.to_edit(None)[1] is None
    assert file.path.read_text(encoding="utf-8").startswith("# Settings and macros of mdxdash")
