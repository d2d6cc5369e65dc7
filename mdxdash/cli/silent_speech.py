"""What in the settings and macros would stay silent, for commands that check before they run."""

from collections.abc import Sequence
from pathlib import Path

from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.speech_checks import check_speech, speak_steps
from mdxdash.settings.model import Settings
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.speech.voice_checks import check_voices


def macros_of(settings: Settings) -> tuple[Macro, ...]:
    """Returns the macros of the settings file; none if there is no such file, or if they cannot be
    read."""
    try:
        return read_macros(read_toml(settings.file)) if settings.file.exists() else ()
    except SettingsError:
        return ()  # told by whoever runs them


def speaks(settings: Settings, macros: Sequence[Macro]) -> bool:
    """Returns whether there are voices, or macros that let agents speak."""
    return bool(settings.voices) or any(True for macro in macros for _ in speak_steps(macro.body))


def silent_speech(settings: Settings, macros: Sequence[Macro], folder: Path) -> list[str]:
    """Returns a line for each thing that would be silent. Opens sound files; blocks.

    * `folder`: that of the macros' file.
    """
    return [
        *check_voices(settings.voices),
        *check_speech(macros, settings.voices, folder, settings.speech.longest),
    ]
