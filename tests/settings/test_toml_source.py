"""TOML files: read with a line for every error, written whole or not at all."""

import sys
from pathlib import Path

import pytest

from mdxdash.settings.toml_source import (
    SettingsError,
    create_text,
    parse_toml,
    read_toml,
    write_text,
)

FILE = Path("mdxdash.toml")


def error(content: bytes) -> str:
    with pytest.raises(SettingsError) as caught:
        parse_toml(content, FILE)
    return str(caught.value)


def test_a_syntax_error_has_line_and_column() -> None:
    shown = error(b"version = 1\nport 9001\n")
    assert shown == "mdxdash.toml:2:6: no valid TOML: Expected '=' after a key in a key/value pair"


def test_a_syntax_error_at_the_end_has_the_last_line() -> None:
    assert error(b"version = 1\nhosts = [\n\n").startswith("mdxdash.toml:2: no valid TOML: ")


def test_a_text_in_another_encoding_has_the_line_of_the_first_wrong_byte() -> None:
    content = 'version = 1\nname = "挨拶"\n'.encode("shift_jis")
    assert error(content) == ("mdxdash.toml:2: the text is not UTF-8 (byte 0x88): save it as UTF-8")


def test_nesting_without_end_is_an_error_too() -> None:
    content = b"a = " + b"[" * 100_000
    assert "mdxdash.toml: arrays or tables are nested too deeply" in error(content)


def test_a_byte_order_mark_is_no_error() -> None:
    assert parse_toml(b"\xef\xbb\xbfversion = 1\n", FILE).data == {"version": 1}


def test_an_error_at_a_place_without_a_line_has_that_of_what_it_is_in() -> None:
    source = parse_toml(b'\n[[macro]]\nname = "A"\n', FILE)
    assert source.error(("macro", 0, "send", 3), "missing").line == 2


def test_an_error_at_no_place_has_no_line() -> None:
    assert str(parse_toml(b"", FILE).error((), "empty")) == "mdxdash.toml: empty"


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the file cannot be read: "):
        read_toml(tmp_path / "none.toml")


def test_a_file_that_is_not_there_can_be_stood_in_for(tmp_path: Path) -> None:
    assert read_toml(tmp_path / "none.toml", absent="a = 1").data == {"a": 1}


def test_a_file_is_named_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = SettingsError("wrong", tmp_path / "mdxdash.toml", 3)
    elsewhere = SettingsError("wrong", tmp_path.parent / "mdxdash.toml", 3)
    assert str(here) == "mdxdash.toml:3: wrong"
    assert str(elsewhere) == f"{tmp_path.parent / 'mdxdash.toml'}:3: wrong"


def test_writing_makes_the_folder_and_keeps_the_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "new" / "mdxdash.toml"
    write_text(file, "a = 1\r\nb = 2\n")
    assert file.read_bytes() == b"a = 1\r\nb = 2\n"


def test_writing_leaves_nothing_else_behind(tmp_path: Path) -> None:
    write_text(tmp_path / "mdxdash.toml", "a = 1\n")
    assert [path.name for path in tmp_path.iterdir()] == ["mdxdash.toml"]


def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left_behind(tmp_path: Path) -> None:
    file = tmp_path / "mdxdash.toml"
    file.mkdir()
    with pytest.raises(SettingsError, match="the file was not saved and is as it was: "):
        write_text(file, "a = 1\n")
    assert [path.name for path in tmp_path.iterdir()] == ["mdxdash.toml"]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="the file was not saved and is as it was: "):
        write_text(tmp_path / "file" / "mdxdash.toml", "a = 1\n")


def test_a_file_held_open_elsewhere_is_an_error_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Windows does, which no other system can be made to do.
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "replace", refuse)
    file = tmp_path / "mdxdash.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="Access is denied: it may be open in another program"):
        write_text(file, "a = 2\n")
    assert file.read_text(encoding="utf-8") == "a = 1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "mdxdash.toml"
    real.write_text("a = 1\n", encoding="utf-8")
    link.symlink_to(real)
    write_text(link, "a = 2\n")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "a = 2\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no file modes there")
def test_a_private_file_stays_private(tmp_path: Path) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    file.chmod(0o600)
    write_text(file, "a = 2\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_file_is_written_with_its_folder_and_its_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "new" / "mdxdash.toml"
    create_text(file, "a = 1\n# ü\n")
    assert file.read_bytes() == "a = 1\n# ü\n".encode()


def test_a_file_that_exists_is_not_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="the file exists already; nothing was written"):
        create_text(file, "a = 2\n")
    assert file.read_text(encoding="utf-8") == "a = 1\n"


def test_a_new_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="the file cannot be written: "):
        create_text(tmp_path / "file" / "mdxdash.toml", "a = 1\n")
