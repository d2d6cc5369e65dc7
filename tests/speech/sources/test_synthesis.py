"""Speech from text by commands: text and sound on every way, failures and time limits."""

import sys
import threading
from pathlib import Path

import pytest

from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.synthesis import SpokenText, sentences

SYNTHESISER = """\
import pathlib, sys, wave
out, text = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else sys.stdin.read().strip()
with pathlib.Path(__file__).with_suffix(".log").open("a", encoding="utf-8") as log:
    log.write(text + "\\n")
with wave.open(sys.stdout.buffer if out == "-" else out, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)
    file.writeframes(text.encode("utf-16-le") * 800)
"""


def expected(*said: str) -> bytes:
    """The sound that the synthesiser makes of sentences."""
    return b"".join(each.encode("utf-16-le") * 800 for each in said)


def voice(tmp_path: Path, arguments: str, script: str = SYNTHESISER) -> VoiceSettings:
    path = tmp_path / "voice.py"
    path.write_text(script, encoding="utf-8")
    return VoiceSettings(f'"{sys.executable}" -X utf8 "{path}" {arguments}', 20.0)


def read(text: str, settings: VoiceSettings) -> bytes:
    sound = SpokenText(text, settings, "mei")
    try:
        return b"".join(iter(sound.read, b""))
    finally:
        sound.close()


@pytest.mark.parametrize("arguments", ["{out}", "-", "{out} {text}", "- {text}"])
def test_text_and_sound_go_on_every_way_sentence_by_sentence(
    tmp_path: Path, arguments: str
) -> None:
    got = read("こんにちは。 元気?\nはい", voice(tmp_path, arguments))
    assert got == expected("こんにちは。", "元気?", "はい")


def test_a_text_is_never_another_argument(tmp_path: Path) -> None:
    text = "a; rm -rf $(x) 'b' {out}"
    read(text, voice(tmp_path, "{out} {text}"))
    said = (tmp_path / "voice.log").read_text(encoding="utf-8")
    assert said == f"{text}\n"


def test_sentences_end_where_a_voice_pauses() -> None:
    assert sentences("はい。 「そう！」と\n3.5 km?! …") == (
        "はい。",
        "「そう！」",
        "と",
        "3.5 km?!",
    )


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("import sys; print('no dictionary', file=sys.stderr); sys.exit(3)",
         "voice mei: it ended with code 3: no dictionary"),
        ("print('hello')", "voice mei: expected a WAV"),
        ("", "voice mei: expected a WAV"),
    ],
)  # fmt: skip
def test_what_fails_says_why(tmp_path: Path, script: str, shown: str) -> None:
    with pytest.raises(SoundError, match=shown):
        read("はい", voice(tmp_path, "", script))


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SoundError, match="voice mei: no-such-program: there is no such program"):
        read("はい", VoiceSettings("no-such-program -ow {out}"))


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    settings = voice(tmp_path, "", "import time; time.sleep(600)")
    with pytest.raises(SoundError, match=r"voice mei: no sound within 0\.2 s"):
        read("はい", VoiceSettings(settings.command, 0.2))


def test_an_abort_ends_the_program_and_the_read(tmp_path: Path) -> None:
    sound = SpokenText("はい", voice(tmp_path, "", "import time; time.sleep(600)"), "mei")
    threading.Timer(0.3, sound.abort).start()
    with pytest.raises(SoundError, match="voice mei: it ended with code"):
        sound.read()
    sound.close()
