"""Saving one setting: everything else in the file stays."""

from pathlib import Path

import pytest

from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.resolution import resolve
from mdxdash.settings.saving import save_filter, save_setting
from mdxdash.settings.toml_source import SettingsError, parse_toml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file that does not exist yet, nor its folder."""
    return tmp_path / "folder" / "mdxdash.toml"


def written(file: Path, text: str) -> Path:
    file.parent.mkdir()
    file.write_bytes(text.encode())
    return file


def test_one_setting_changes_and_all_else_stays(file: Path) -> None:
    text = "# mine\n[screen] # s\ntheme = 'old'  # dark\r\n\n[[macro]]\nname='A'\nsend='X'"
    save_setting(written(file, text), "screen.theme", "nord")
    assert file.read_bytes() == text.replace("'old'", '"nord"').encode()


def test_a_section_that_is_missing_is_added(file: Path) -> None:
    save_setting(written(file, "# mine\r\n[hub]\r\nport=1\r\n"), "screen.theme", "nord")
    assert file.read_bytes().startswith(b"# mine\r\n[hub]\r\nport=1\r\n")
    assert parse_toml(file.read_bytes(), file).data == {
        "hub": {"port": 1},
        "screen": {"theme": "nord"},
    }


def test_a_file_that_is_missing_is_written_with_all_settings_commented_out(file: Path) -> None:
    save_setting(file, "screen.theme", "nord")
    assert resolve({}, {}, file, file.parent).screen.theme == "nord"
    assert file.read_text(encoding="utf-8").startswith(commented_file().partition("[hub]")[0])


def test_a_setting_that_does_not_exist_is_an_error_of_the_program(file: Path) -> None:
    with pytest.raises(ValueError, match=r"no such setting: screen\.them"):
        save_setting(file, "screen.them", "nord")
    assert not file.exists()


def test_a_file_with_an_error_is_not_touched(file: Path) -> None:
    written(file, "[hub]\nprot = 1\n")
    with pytest.raises(SettingsError, match="`prot` is no known key"):
        save_setting(file, "screen.theme", "nord")
    assert file.read_text(encoding="utf-8") == "[hub]\nprot = 1\n"


def test_a_section_as_an_inline_table_keeps_its_other_keys(file: Path) -> None:
    save_setting(written(file, "screen = {}\nhub = {port = 1}\n"), "hub.secret", "s" * 16)
    assert parse_toml(file.read_bytes(), file).data["hub"] == {"port": 1, "secret": "s" * 16}


def test_a_filter_is_saved_beside_others_or_in_the_place_of_its_name(file: Path) -> None:
    written(file, "[filters]\na = 'old' # mine\n\n[[macro]]\nname='A'\nsend='X'\n")
    save_filter(file, "話す人", 'type:RECOG_* "two words"')
    save_filter(file, "a", "new")
    assert resolve({}, {}, file, file.parent).filters == {
        "a": "new",
        "話す人": 'type:RECOG_* "two words"',
    }
    assert "# mine" in file.read_text(encoding="utf-8")


def test_a_filter_is_saved_in_a_new_file(file: Path) -> None:
    save_filter(file, "errors", "level:error")
    assert resolve({}, {}, file, file.parent.parent).filters == {"errors": "level:error"}
