"""`mdxdash trust`: lets a settings file of the working directory take effect."""

from pathlib import Path

import click

from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import show
from mdxdash.events.printable import printable
from mdxdash.language.translation import N_, _
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.settings.resolution import FILE_NAME, not_harmless
from mdxdash.settings.toml_source import SettingsError, TomlSource, read_toml
from mdxdash.settings.trust import TrustedFiles

_EFFECTS = {
    "opens": N_("lets others connect, or chooses who may"),
    "deletes": N_("decides which recordings are kept, and where"),
    "sends": N_("sends without asking what may harm an agent"),
    "forwards": N_("passes messages on to or from another server"),
    "runs": N_("starts a program"),
}


@click.command(name="trust")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--list", "listed", is_flag=True, help="List the trusted files.")
@click.option("--revoke", is_flag=True, help="Trust the file no longer.")
def command(file: Path | None, listed: bool, revoke: bool) -> None:
    """Trust a settings file, so that all of it takes effect where mdxdash finds it.

    FILE is ./mdxdash.toml unless another is named. A settings file in the working directory gives
    its macros and harmless settings at once. What lets others connect, deletes recordings, sends
    by itself or passes messages on takes effect only when you have read the file and trusted it.
    Any change to the file ends that trust.
    """
    trusted = TrustedFiles()
    path = Path.cwd() / (file or FILE_NAME)
    try:
        if listed:
            _list(trusted)
        elif revoke:
            if not trusted.remove(path):
                fail(_("{path} was not trusted").format(path=path))
            show(_("no longer trusted: {path}").format(path=printable(str(path))))
        else:
            _trust(trusted, path)
    except SettingsError as error:
        fail(str(error))


def _list(trusted: TrustedFiles) -> None:
    entries = trusted.entries()
    if not entries:
        report(_("no settings file is trusted"))
    for entry in entries:
        show(f"{printable(entry.path)}  sha256:{entry.sha256}")


def _trust(trusted: TrustedFiles, path: Path) -> None:
    # Read once, so that what is shown is what is trusted.
    source = read_toml(path)
    lines = _effects(source)
    trusted.add(source)
    show(_("trusted: {path}").format(path=printable(str(path))))
    for line in lines:
        show(f"  {printable(line)}")


def _effects(source: TomlSource) -> list[str]:
    """What takes effect now, a line each. Raises `SettingsError` for a file with errors."""
    lines = [
        _("line {line}: {each}  ({effects})").format(
            line=each.origin.line, each=each, effects=_(_EFFECTS[each.setting.about.trust])
        )
        for each in not_harmless(source)
    ]
    lines += [
        _('macro "{name}" answers by itself (on = {text})').format(
            name=macro.name, text=macro.on.text
        )
        for macro in read_macros(source)
        if macro.on is not None
    ]
    return lines
