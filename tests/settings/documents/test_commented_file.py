"""The commented settings file: it has everything, and changes nothing."""

import re
from pathlib import Path

import pytest

from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import DEFAULT_MACROS
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.model import SECTIONS, Settings, all_settings
from mdxdash.settings.resolution import resolve
from mdxdash.settings.setting import Setting
from mdxdash.settings.toml_source import parse_toml


def resolved(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "mdxdash.toml"
    file.write_text(text, encoding="utf-8")
    return resolve({}, {}, file, tmp_path)


def commented_out(setting: Setting) -> str:
    """The line of a setting, with the comment sign in front of it."""
    section = commented_file().split(f"[{setting.section}]\n")[1]
    found = re.search(rf"^#{setting.key} = .*$", section, re.MULTILINE)
    assert found is not None
    return found.group()


def in_force(text: str, setting: Setting) -> str:
    """The file with the line of a setting in force."""
    before, header, after = text.partition(f"[{setting.section}]\n")
    line = commented_out(setting)
    return before + header + after.replace(line, line.removeprefix("#"), 1)


def test_read_as_it_is_it_changes_nothing(tmp_path: Path) -> None:
    assert resolved(tmp_path, commented_file()) == Settings(file=tmp_path / "mdxdash.toml")
    source = parse_toml(commented_file().encode(), tmp_path / "mdxdash.toml")
    assert read_macros(source) == DEFAULT_MACROS


def test_its_values_are_the_defaults(tmp_path: Path) -> None:
    text = commented_file()
    for setting in all_settings():
        if setting.default is not None:
            text = in_force(text, setting)
    found = resolved(tmp_path, text)
    for section, owner in SECTIONS.items():
        assert getattr(found, section) == owner()
    assert len(found.origins) == sum(setting.default is not None for setting in all_settings())


# A secret has no example, since an example would be used.
@pytest.mark.parametrize(
    "setting",
    [setting for setting in all_settings() if setting.key != "secret"],
    ids=lambda setting: setting.name,
)
def test_a_line_without_its_comment_sign_is_in_force(tmp_path: Path, setting: Setting) -> None:
    text = in_force(commented_file(), setting)
    changed = zip(commented_file().splitlines(), text.splitlines(), strict=True)
    (line_number,) = [number for number, (old, new) in enumerate(changed, 1) if old != new]
    assert resolved(tmp_path, text).origin(setting.name).line == line_number


def test_no_line_is_wider_than_a_hundred_columns() -> None:
    assert max(map(len, commented_file().splitlines())) <= 100
