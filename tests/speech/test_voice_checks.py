"""Voices that would stay silent."""

import sys
from pathlib import Path

from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.speech.voice_checks import check_voices


def problems(command: str) -> list[str]:
    return list(check_voices({"mei": VoiceSettings(command)}))


def test_a_voice_that_can_speak_has_no_problem(tmp_path: Path) -> None:
    script = tmp_path / "voice.py"
    script.touch()
    assert problems(f'"{sys.executable}" -u "{script}" 3 {{out}} http://localhost/a.py') == []


def test_a_program_and_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    gone = tmp_path / "mei.htsvoice"
    assert problems(f'no-such-program -x "{tmp_path}" -m "{gone}" -ow {{out}} here.htsvoice') == [
        "[voice.mei] no-such-program: there is no such program",
        f"[voice.mei] {gone}: there is no such file",
        "[voice.mei] here.htsvoice: there is no such file",
    ]


def test_a_command_that_is_none_is_named() -> None:
    [problem] = problems('open_jtalk "')
    assert problem.startswith("[voice.mei] ")
