"""What would keep a voice of the settings silent, found before anything is said."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from mdxdash.language.translation import N_
from mdxdash.processes.child_process import CommandError, split_command
from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.settings.user_path import user_path


def check_voices(voices: Mapping[str, VoiceSettings]) -> Iterator[str]:
    """Yields a line for each thing that is wrong: `[voice.mei] open_jtalk: there is no such
    program`. Looks for files, relative ones in the working directory; nothing is started."""
    for name, voice in voices.items():
        try:
            words = split_command(voice.command)
        except CommandError as error:
            yield f"[voice.{name}] {error}"
            continue
        if shutil.which(words[0]) is None:
            yield N_("[voice.{name}] {words}: there is no such program").format(
                name=name, words=words[0]
            )
        for word in words[1:]:
            if _names_file(word) and not _exists(word):
                yield N_("[voice.{name}] {word}: there is no such file").format(
                    name=name, word=word
                )


def _exists(word: str) -> bool:
    try:
        return user_path(word).exists()
    except OSError:  # no home folder of that name, too long, in a folder that may not be entered
        return False


def _names_file(word: str) -> bool:
    """Returns whether an argument is surely meant as the path of something that exists."""
    if word.startswith("-") or "{" in word or "://" in word or "=" in word:
        return False
    path = Path(word)
    return path.is_absolute() or path.suffix in (".htsvoice", ".onnx", ".py", ".sh")
