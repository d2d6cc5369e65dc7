"""The settings of a running hub, read again."""

from pathlib import Path

import pytest

from mdxdash.settings.model import Settings, all_settings
from mdxdash.settings.rereading import LASTING, Rereading, reread
from mdxdash.settings.resolution import resolve
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.settings.trust import TrustedFiles

BEFORE = """\
[hub]
port = 9101
queue = 100
[speech]
lead = "400ms"
[voice.mei]
command = "one"
[voice.old]
command = "old"
[groups]
left = ["chat"]
"""
AFTER = """\
[hub]
port = 9102
queue = 200
unsafe = false
[speech]
lead = "500ms"
[voice.mei]
command = "two"
[program.chat]
command = "new"
[groups]
left = ["chat"]
[recording]
enabled = false
"""


def begun(folder: Path, options: dict[str, object], environ: dict[str, str]) -> Settings:
    file = folder / "hub.toml"
    file.write_text(BEFORE, encoding="utf-8")
    return resolve(options, environ, file, folder)


def test_what_the_file_says_now_counts_but_for_what_lasts(tmp_path: Path) -> None:
    before = begun(tmp_path, {}, {})
    before.file.write_text(AFTER, encoding="utf-8")
    settings, found = reread(before)
    assert found == Rereading(
        changed=(
            "[hub] queue",
            "[speech] lead",
            "[voice.mei]",
            "[voice.old]",
            "[program.chat]",
        ),
        lasting=("[hub] port", "[recording] enabled"),
    )
    assert (settings.hub.port, settings.hub.queue, settings.speech.lead) == (9101, 200, 0.5)
    assert settings.recording.enabled
    assert settings.voices["mei"].command == "two"
    assert settings.programs["chat"].command == "new"


def test_options_and_variables_of_the_start_go_on_counting(tmp_path: Path) -> None:
    before = begun(tmp_path, {"unsafe": True}, {"MDXDASH_SPEECH_LEAD": "1s"})
    before.file.write_text(AFTER, encoding="utf-8")
    settings, found = reread(before)
    assert (settings.hub.unsafe, settings.speech.lead) == (True, 1.0)
    assert "[speech] lead" not in found.changed
    again, found = reread(settings)
    assert (again.hub.unsafe, again.speech.lead, found.changed) == (True, 1.0, ())


def test_an_error_is_raised_with_its_line(tmp_path: Path) -> None:
    before = begun(tmp_path, {}, {})
    before.file.write_text("[speech]\nlead = 5\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"hub\.toml:2: "):
        reread(before)
    before.file.unlink()
    with pytest.raises(SettingsError, match=r"hub\.toml"):
        reread(before)


def test_a_file_that_was_found_counts_as_far_as_it_is_trusted(tmp_path: Path) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[voice.mei]\ncommand = "one"\n', encoding="utf-8")
    before = resolve({}, {}, None, tmp_path)
    settings, found = reread(before)
    assert (dict(settings.voices), found.waiting) == ({}, ("[voice.mei] command",))
    TrustedFiles().add(read_toml(file))
    settings, found = reread(before)
    assert (settings.voices["mei"].command, found.changed) == ("one", ("[voice.mei]",))


def test_what_lasts_are_settings() -> None:
    assert {setting.name for setting in all_settings()} >= LASTING
