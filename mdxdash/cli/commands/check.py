"""`mdxdash check`: finds what in a `.mdf` keeps an agent from connecting; --fix corrects it.

It also finds what in the settings and macros would stay silent.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import click

from mdxdash.cli.exit_codes import FAILED
from mdxdash.cli.options import address_options, fail, read_settings
from mdxdash.cli.output.standard_output import show
from mdxdash.cli.silent_speech import macros_of, silent_speech, speaks
from mdxdash.doctor.diagnosis import Diagnosis
from mdxdash.doctor.file_kind import other_kind
from mdxdash.doctor.hub_address import HubAddress, hub_address
from mdxdash.doctor.mdf_file import MdfFile, MdfSettings, parse_mdf
from mdxdash.doctor.mending import mend
from mdxdash.doctor.rules import diagnose
from mdxdash.doctor.server_probe import probe
from mdxdash.doctor.setting_names import ALL_LOG
from mdxdash.events.printable import printable
from mdxdash.language.translation import _, localized
from mdxdash.settings.model import Settings
from mdxdash.settings.regular_file import read_regular
from mdxdash.settings.toml_source import SettingsError, write_bytes

MDF_BYTES: Final = 2**20
"""The largest file that is read as a .mdf. Real ones have a few kilobytes."""

_file = click.Path(path_type=Path, dir_okay=False)


@click.command(name="check")
@click.argument("content", type=_file)
@click.option("--system", type=_file, help="The program's own MMDAgent-EX.mdf, read first.")
@click.option(
    "--fix", is_flag=True, help="Write the corrected file, and keep the old one as a backup."
)
@address_options("--tls-cert")
def command(content: Path, system: Path | None, fix: bool, **options: Any) -> None:
    """Read an agent's CONTENT.mdf as MMDAgent-EX does, and report what keeps it from connecting.

    It also reports what in the settings' voices and macros would be silent when it is spoken.

    Exits with 0 if the agent would connect, else with 1.
    """
    settings = read_settings(**options)
    hub = settings.hub
    if hub.port == 0:
        fail(
            _("port 0 is a free port, not known before the hub listens; name the port with --port")
        )
    wanted = hub_address(hub, hub.port)
    before = () if system is None else (_read(system),)
    file = _read(content)
    if kind := other_kind(file, content):
        fail(
            _(
                "{content} is no .mdf but {kind}; name the .mdf that the agent is started with"
            ).format(content=content, kind=localized(kind))
        )
    mdf = MdfSettings((*before, file), os.environ)
    found = diagnose(mdf, wanted)
    _print_findings(found)
    if fix:
        found = _fix(mdf, wanted, content)
    probed = asyncio.run(probe(wanted.hosts[0], wanted.port, "/", tls=wanted.tls))
    show(f"{wanted.url}: {localized(probed.text)}")
    _check_speech(settings, mdf)
    errors = sum(diagnosis.severity == "error" for diagnosis in found)
    if errors:
        mendable = not fix and mend(mdf, wanted) != mdf
        hint = _("; --fix writes the lines that it can correct") if mendable else ""
        show(_("{content}: the agent will not connect{hint}").format(content=content, hint=hint))
        sys.exit(FAILED)
    once = "" if probed.reached else _(", once mdxdash runs")
    show(_("{content}: the agent will connect{once}").format(content=content, once=once))


def _read(path: Path) -> MdfFile:
    try:
        return parse_mdf(read_regular(path, MDF_BYTES), path.name)
    except OSError as error:
        fail(
            _("{path} cannot be read: {strerror}").format(
                path=path, strerror=error.strerror or error
            )
        )


def _print_findings(found: list[Diagnosis]) -> None:
    for diagnosis in found:
        position = diagnosis.file + ("" if diagnosis.line is None else f":{diagnosis.line}")
        text = f"{position}: {diagnosis.code} {_(diagnosis.severity)}: {localized(diagnosis.text)}"
        show(printable(text))


def _check_speech(settings: Settings, mdf: MdfSettings) -> None:
    """Prints what would stay silent, and how to tell why nothing is heard."""
    macros = macros_of(settings)
    if not speaks(settings, macros):
        return
    for line in silent_speech(settings, macros, settings.file.parent):
        show(
            printable(
                _("{name}: speech warning: {line}").format(
                    name=settings.file.name, line=localized(line)
                )
            )
        )
    how = _("the agent's log") if mdf.value(ALL_LOG, "false") != "false" else f"{ALL_LOG}=true"
    show(
        _(
            "speech note: if nothing is heard, a wrong alias of the model, no sound device and a "
            "dead "
            "audio thread look alike; {how} tells them apart: see `mdxdash help speech`"
        ).format(how=how)
    )


def _fix(mdf: MdfSettings, wanted: HubAddress, path: Path) -> list[Diagnosis]:
    """Writes the corrected file and a backup of the old one; returns the remaining findings."""
    old = mdf.files[-1].content
    mended = mend(mdf, wanted)
    new = mended.files[-1].content
    if new != old:
        backup = _backup_name(path)
        try:
            write_bytes(backup, old)
            shutil.copymode(path, backup)  # it may hold a secret, as the file itself
            write_bytes(path, new)
        except (SettingsError, OSError) as error:
            fail(str(error))
        show(_("{path}: corrected; the old file is now {name}").format(path=path, name=backup.name))
    return diagnose(mended, wanted)


def _backup_name(path: Path) -> Path:
    """Returns a free name: `content.mdf.bak`, or `content.mdf.bak2` and so on."""
    number = 1
    while (backup := path.with_name(f"{path.name}.bak{number if number > 1 else ''}")).exists():
        number += 1
    return backup
