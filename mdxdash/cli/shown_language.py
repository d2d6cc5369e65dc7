"""The command line in the user's language: which one it is, and help and errors of click in it."""

import copy
import inspect
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

import click
import click.formatting

from mdxdash.cli.help_wrapping import wrap_text
from mdxdash.language.system_language import system_language
from mdxdash.language.translation import N_, Language, _, current, ngettext, use
from mdxdash.settings.model import ScreenSettings, Settings
from mdxdash.settings.resolution import FILE_VARIABLE, find_file, user_settings_file
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.settings.validation import ValidationError, convert_field

C = TypeVar("C", bound=click.Command)

_CLICKS_WRAP_TEXT: Final = click.formatting.wrap_text

VARIABLE: Final = "MDXDASH_SCREEN_LANGUAGE"
"""The environment variable of `[screen] language`."""

CLICK_TEXTS: Final = (
    N_("Aborted!"),
    N_("Options"),
    N_("Commands"),
    N_("Usage:"),
    N_("Missing command."),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Could not open file {filename!r}: {message}"),
    N_("Option {name!r} does not take a value."),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("Choose from:\n\t{choices}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("Error: invalid input"),
    N_("default: {default}"),
    N_("required"),
)
"""The texts of click that a user of mdxdash can see, beside its plurals."""


def click_plurals(number: int) -> tuple[str, ...]:
    """Returns the texts of click with plurals, as they are for a number."""
    return (
        ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", number),
        ngettext(
            "Got unexpected extra argument ({args})",
            "Got unexpected extra arguments ({args})",
            number,
        ),
        ngettext(
            "Option {name!r} requires an argument.",
            "Option {name!r} requires {nargs} arguments.",
            number,
        ),
        ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", number),
    )


_wrong = ""
"""What is wrong with the language that is written, until somebody has reported it."""


def choose_language(arguments: Sequence[str]) -> None:
    """Sets the language before anything is shown, so before the settings are checked: that of the
    environment variable, the settings file, or the system.

    * `arguments`: the command line, of which `--config FILE` counts.

    What is wrong with it is reported later: by who reads the settings, or see `take_wrong`.
    """
    global _wrong
    named = next(
        (file for option, file in pairwise(arguments) if option == "--config"),
        os.environ.get(FILE_VARIABLE) or "",
    )
    written, _wrong = _written_language(named)
    _use(written)


def take_wrong() -> str:
    """Returns what is wrong with the language that is written, once; empty if nothing is."""
    global _wrong
    wrong, _wrong = _wrong, ""
    return wrong


def _written_language(named: str) -> tuple[str, str]:
    """Returns the language that is written, empty for none, and what is wrong with it.

    * `named`: the settings file that is named, if one is.
    """
    try:
        if written := os.environ.get(VARIABLE, ""):
            try:
                return str(convert_field(ScreenSettings, "language", written)), ""
            except ValidationError as error:
                return "", f"{VARIABLE}: {error.message.removeprefix('`language`: ')}"
        file = Path(named) if named else find_file(Path.cwd(), user_settings_file())
        source = read_toml(Path.cwd() / file, absent="")
        table = source.data.get("screen", {})
        if not isinstance(table, dict) or "language" not in table:
            return "", ""
        try:
            return str(convert_field(ScreenSettings, "language", table["language"])), ""
        except ValidationError as error:
            wrong = source.error(("screen", "language"), f"[screen] {error.message}")
            return "", str(wrong)
    except SettingsError as error:
        return "", str(error)
    except OSError:  # the working directory is gone
        return "", ""


def use_language_of(settings: Settings) -> None:
    """Sets the language that the settings of this run name."""
    _use(settings.screen.language)


def _use(written: str) -> None:
    language: Language = "ja" if written == "ja" else "en"
    use(language if written in ("ja", "en") else system_language())
    _translate_click()


def _translate_click() -> None:
    """Lets click show its own texts in the language in use. It takes them from the functions of
    Python's gettext, whose language only environment variables choose (click 8.2 to 8.5)."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith("click."):
            for called, function in (("_", _of_click), ("ngettext", ngettext)):
                if hasattr(module, called):
                    setattr(module, called, function)
    click.formatting.wrap_text = wrap_text if current() == "ja" else _CLICKS_WRAP_TEXT


def _of_click(text: str) -> str:
    """Returns a text of click in the language in use. Its names of types (`file`, which it writes
    `FILE`) stay as they are: the same words mean something else in the texts of mdxdash."""
    return _(text) if text in CLICK_TEXTS else text


def translated(command: C) -> C:
    """Returns a command whose help is in the language in use, and so are its sub-commands."""
    if current() == "en":
        return command
    shown = copy.copy(command)
    shown.help = _(inspect.cleandoc(command.help or "")) or None
    shown.params = [_translated_parameter(each) for each in command.params]
    if isinstance(shown, click.Group) and isinstance(command, click.Group):
        shown.commands = {name: translated(each) for name, each in command.commands.items()}
    return shown


def _translated_parameter(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    shown = copy.copy(parameter)
    shown.help = _(parameter.help)
    return shown
