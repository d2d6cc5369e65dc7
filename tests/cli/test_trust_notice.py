"""What a user reads of a settings file that is not trusted."""

from pathlib import Path

import pytest

from mdxdash.cli.trust_notice import banner, unarmed, waiting_macros, waiting_settings
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.settings.model import Settings
from mdxdash.settings.resolution import resolve

FILE = """\
[hub]
port = 9002
host = "0.0.0.0"
secret = "correct-horse-battery"

[[macro]]
name = "Answer"
on = "type:RECOG_EVENT_STOP"
send = "TEST_MESSAGE"

[[macro]]
name = "By hand"
send = "TEST_MESSAGE"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "mdxdash.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def settings_of(path: Path) -> Settings:
    return resolve({}, {}, None, path.parent, path.parent / "own.toml")


def macros_of(path: Path, *, trusted: bool) -> MacroFile:
    macros = MacroFile(path, lambda source: trusted)
    macros.refresh()
    return macros


def test_each_setting_that_waits_has_a_line_with_its_place_in_the_file(path: Path) -> None:
    head, *lines = waiting_settings(settings_of(path))
    assert "mdxdash.toml in this folder is not trusted" in head
    assert "`mdxdash trust`" in head
    assert lines == ['  line 3: [hub] host = "0.0.0.0"', '  line 4: [hub] secret = "***"']


def test_nothing_is_shown_if_no_setting_waits(path: Path) -> None:
    assert waiting_settings(Settings(file=path)) == []


def test_only_macros_with_a_trigger_wait(path: Path) -> None:
    macros = macros_of(path, trusted=False)
    assert [macro.name for macro in unarmed(macros)] == ["Answer"]
    (line,) = waiting_macros(macros)
    assert 'the macro "Answer" is not armed (on = type:RECOG_EVENT_STOP)' in line


def test_no_macro_of_a_trusted_file_waits(path: Path) -> None:
    macros = macros_of(path, trusted=True)
    assert not unarmed(macros)
    assert waiting_macros(macros) == []


def test_the_banner_names_what_waits_on_one_line(path: Path) -> None:
    shown = banner(settings_of(path), macros_of(path, trusted=False))
    assert 'waiting: host, secret, macro "Answer".' in shown
    assert "\n" not in shown


def test_the_banner_counts_what_it_does_not_name(path: Path) -> None:
    path.write_text(FILE.replace("port = 9002", "unsafe = true"), encoding="utf-8")
    shown = banner(settings_of(path), macros_of(path, trusted=False))
    assert "and 1 more" in shown
    assert "Answer" not in shown


def test_there_is_no_banner_if_nothing_waits(path: Path) -> None:
    assert banner(Settings(file=path), macros_of(path, trusted=True)) == ""
