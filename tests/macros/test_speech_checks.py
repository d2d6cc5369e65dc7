"""Steps of macros that would stay silent."""

from pathlib import Path

import pytest

from mdxdash.macros.speech_checks import check_speech
from tests.speech.sources.test_sound_file import write_wav
from tests.support.heard import noise
from tests.support.macro_texts import read


def problems(step: str, folder: Path, voices: tuple[str, ...] = ("mei",)) -> list[str]:
    macros = read(f'[[macro]]\nname = "M"\nparams = {{ x = "good" }}\nsteps = [{{ {step} }}]\n')
    return [line.removeprefix('macro "M": ') for line in check_speech(macros, voices, folder, 1.0)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_wav(tmp_path / "good.wav", noise(0.1))
    write_wav(tmp_path / "long.wav", noise(1.5))
    write_wav(tmp_path / "empty.wav", b"")
    (tmp_path / "text.wav").write_text("no sound")
    return tmp_path


@pytest.mark.parametrize(
    "step",
    [
        'play = "good.wav"',
        'play = "{x}.wav"',
        'say = "はい。"',
        'say = "{x}", voice = "mei"',
        'send = "A"',
    ],
)
def test_what_is_heard_has_no_problem(step: str, folder: Path) -> None:
    assert problems(step, folder) == []


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('play = "none.wav"', "none.wav: No such file"),
        ('play = "text.wav"', "text.wav: expected a"),
        ('play = "empty.wav"', "there is no sound in it"),
        ('play = "long.wav"', "play long.wav: 2 s: [speech] longest allows 1s"),
        ('say = "はい", voice = "jun"', 'there is no voice "jun": expected one of mei'),
        ('say = "。"', "there is nothing to say in it"),
        ('repeat = 2, steps = [{ say = "…" }]', "there is nothing to say in it"),
    ],
)
def test_what_stays_silent_is_named(step: str, problem: str, folder: Path) -> None:
    [found] = problems(step, folder)
    assert problem in found


def test_no_voice_at_all_is_named(folder: Path) -> None:
    assert problems('say = "はい"', folder, ()) == [
        "say はい: there is no voice: expected a [voice.NAME] in the settings"
    ]
