"""What is wrong with the language of the settings is said by commands that read no settings."""

from pathlib import Path

import pytest

from tests.support.programs import mdxdash

WRONG = '[screen] `language`: expected "auto", "en" or "ja", got "japanese"'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[screen]\nlanguage = "japanese"\n', encoding="utf-8")
    monkeypatch.setenv("MDXDASH_CONFIG", str(file))
    return file


@pytest.mark.parametrize("arguments", [("hub", "list"), ("status",), ("explain", "W101")])
def test_a_wrong_language_is_reported_once(settings: Path, arguments: tuple[str, ...]) -> None:
    done = mdxdash(*arguments)
    assert done.stderr.count(f"{settings.name}:2: {WRONG}") == 1, done.stderr


def test_who_reads_the_settings_reports_it_once(settings: Path) -> None:
    done = mdxdash("mdf")
    assert (done.returncode, done.stderr.count("`language`")) == (2, 1), done.stderr


def test_a_wrong_variable_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDXDASH_SCREEN_LANGUAGE", "japanese")
    done = mdxdash("hub", "list")
    assert "MDXDASH_SCREEN_LANGUAGE: expected" in done.stderr


@pytest.mark.parametrize("command", [("serve",), ("open",), ("run",)])
def test_names_of_types_are_the_same_in_every_language(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """click takes them through the same function as its sentences; `file` is also a lane's name."""
    monkeypatch.setenv("MDXDASH_SCREEN_LANGUAGE", "ja")
    done = mdxdash(*command, "--help")
    assert "--config FILE" in done.stdout
    assert "音声 " not in done.stdout
