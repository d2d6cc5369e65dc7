"""The tables of commands in the settings: read, checked, and waiting for trust."""

from pathlib import Path

import pytest

from mdxdash.settings.resolution import resolve
from mdxdash.settings.tables.command_sections import ProgramSettings, VoiceSettings
from mdxdash.settings.toml_source import SettingsError

TEXT = """\
version = 1
[voice.mei]
command = "open_jtalk -ow {out}"
timeout = "5s"
[program.chat]
command = "python chat.py"
start = "agent"
feed = "type:RECOG_EVENT_STOP"
"""


def test_a_file_that_is_named_takes_effect(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(TEXT, encoding="utf-8")
    settings = resolve({}, {}, path, tmp_path)
    assert settings.voices == {"mei": VoiceSettings("open_jtalk -ow {out}", 5.0)}
    program = ProgramSettings("python chat.py", "agent", "type:RECOG_EVENT_STOP")
    assert settings.programs == {"chat": program}


def test_one_that_is_found_waits_for_trust(tmp_path: Path) -> None:
    (tmp_path / "mdxdash.toml").write_text(TEXT, encoding="utf-8")
    settings = resolve({}, {}, None, tmp_path, user_file=tmp_path / "none" / "mdxdash.toml")
    assert (settings.voices, settings.programs) == ({}, {})
    shown = [str(each) for each in settings.waiting]
    assert '[voice.mei] command = "open_jtalk -ow {out}"' in shown
    assert '[program.chat] command = "python chat.py"' in shown


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('command = "python chat.py"\n', "", "[program.chat] `command` is missing"),
        ('"agent"', '"now"', '[program.chat] `start`: expected "hub" or "agent", got "now"'),
        ('"5s"', '"0s"', "[voice.mei] `timeout`: expected a duration above 0"),
        ("feed", "fed", "[program.chat] `fed` is no known key: did you mean `feed`?"),
    ],
)
def test_a_mistake_is_told_with_its_table(old: str, new: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        resolve({}, {}, path, tmp_path)
    assert error in str(caught.value)
