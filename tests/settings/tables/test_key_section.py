"""The `[keys]` table of a settings file."""

from pathlib import Path

import pytest

from mdxdash.settings.resolution import resolve
from mdxdash.settings.toml_source import SettingsError


def resolved(tmp_path: Path, text: str):
    file = tmp_path / "given.toml"
    file.write_text(text, encoding="utf-8")
    return resolve({}, {}, file, tmp_path)


def test_an_action_has_one_key_or_several(tmp_path: Path) -> None:
    settings = resolved(tmp_path, '[keys]\nruns = ["U", "f11"]\nhold = "K"\n')
    assert settings.keys == {"runs": ("U", "f11"), "hold": ("K",)}
    assert settings.origin("keys.hold").line == 3


@pytest.mark.parametrize("value", ["3", '""', "[]", '["K", 3]', "{}"])
def test_what_is_no_key_is_told_with_its_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="`hold`: expected a key such as") as error:
        resolved(tmp_path, f"[keys]\nhold = {value}\n")
    assert error.value.line == 2


def test_the_keys_of_a_file_that_is_not_trusted_wait_and_the_users_own_stay(tmp_path: Path) -> None:
    own, here = tmp_path / "own.toml", tmp_path / "mdxdash.toml"
    own.write_text('[keys]\nhold = "K"\n', encoding="utf-8")
    here.write_text('[keys]\nreplay = "r"\n', encoding="utf-8")
    settings = resolve({}, {}, None, tmp_path, own)
    assert settings.keys == {"hold": ("K",)}
    assert [str(each) for each in settings.waiting] == ['[keys] replay = ["r"]']
