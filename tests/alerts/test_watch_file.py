"""Watches are pinned and unpinned in the user's file, and all else in it stays."""

from pathlib import Path

import pytest

from mdxdash.alerts.watch import watch_from_form
from mdxdash.alerts.watch_file import WatchFile
from mdxdash.settings.toml_source import SettingsError

FIRST = watch_from_form("First", "type:A", "first")
RATE = watch_from_form("Rate", 'args:"a \\"b"', "above 3")

USERS = """\
# my file
[hub]
port = 9100  # not 9001

[[macro]]  # greets
name = "M"
send = "A"
# the end
"""


@pytest.fixture
def file(tmp_path: Path) -> WatchFile:
    return WatchFile(tmp_path / "mdxdash.toml")


def test_a_watch_is_added_and_read_again(file: WatchFile) -> None:
    file.add(FIRST)
    file.add(RATE)
    other = WatchFile(file.path)
    other.refresh()
    assert other.watches == file.watches == (FIRST, RATE)
    file.delete("First")
    other.refresh()
    assert other.watches == (RATE,)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_all_else_stays_to_the_byte(file: WatchFile, end: str) -> None:
    before = USERS.replace("\n", end).encode()
    file.path.write_bytes(before)
    file.add(FIRST)
    file.add(RATE)
    assert file.path.read_bytes().startswith(before)
    file.delete("First")
    file.delete("Rate")
    assert file.path.read_bytes() == before


def test_a_watch_between_other_tables_is_cut_out(file: WatchFile) -> None:
    watch = '[[watch]]\nname = "W"\non = "type:A"\n\n'
    file.path.write_text(f"{USERS}\n{watch}[log]\nevents = 5\n", encoding="utf-8")
    file.refresh()
    file.delete("W")
    assert file.path.read_text(encoding="utf-8") == f"{USERS}\n[log]\nevents = 5\n"


def test_a_name_that_is_taken_is_refused(file: WatchFile) -> None:
    file.add(FIRST)
    with pytest.raises(SettingsError, match='another watch is called "First"'):
        file.add(watch_from_form("First", "type:B", ""))


def test_what_is_not_there_is_not_deleted(file: WatchFile) -> None:
    with pytest.raises(SettingsError, match="there is no watch"):
        file.delete("First")


def test_watches_written_as_an_array_are_left_to_the_user(file: WatchFile) -> None:
    text = 'watch = [{ name = "W", on = "type:A" }]\n'
    file.path.write_text(text, encoding="utf-8")
    for change in (lambda: file.add(FIRST), lambda: file.delete("W")):
        with pytest.raises(SettingsError, match=r"edit|TOML"):
            change()
    assert file.path.read_text(encoding="utf-8") == text


def test_with_an_error_in_the_file_the_watches_stay(file: WatchFile) -> None:
    file.add(FIRST)
    good = file.path.read_text(encoding="utf-8")
    file.path.write_text(good + '\n[[watch]]\nname = "X"\n', encoding="utf-8")
    file.refresh()
    assert file.watches == (FIRST,)
    assert "watch 2: `on` is missing" in file.problem
    file.path.write_text(good, encoding="utf-8")
    file.refresh()
    assert not file.problem
