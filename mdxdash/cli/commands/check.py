"""`mdxdash check`: what in an agent's `.mdf` keeps it from this mdxdash, and mending it."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import click

from mdxdash.cli.options import fail, hub_options, read_settings
from mdxdash.doctor.diagnose import diagnose, mend
from mdxdash.doctor.diagnosis import Diagnosis, HubAddress, hub_address
from mdxdash.doctor.mdf_file import Mdf, MdfFile, parse_mdf
from mdxdash.doctor.probe import probe
from mdxdash.events.printable import printable
from mdxdash.settings.toml_source import SettingsError, write_bytes

MDF_BYTES: Final = 2**20
"""A .mdf has some kilobytes; looking through far more would take minutes."""

_file = click.Path(path_type=Path, dir_okay=False)


@click.command(name="check")
@click.argument("content", type=_file)
@click.option("--system", type=_file, help="The program's own MMDAgent-EX.mdf, read first.")
@click.option("--fix", is_flag=True, help="Write the corrected lines; the old file is kept.")
@hub_options
def command(content: Path, system: Path | None, fix: bool, **options: Any) -> None:
    """Reads an agent's CONTENT.mdf as MMDAgent-EX does and says what keeps it from connecting.

    Ends with code 1 when the agent would not connect.
    """
    hub = read_settings(**options).hub
    if hub.port == 0:
        fail("with port 0 nobody knows the port beforehand; say which with --port")
    wanted = hub_address(hub, hub.port)
    before = () if system is None else (_read(system),)
    mdf = Mdf((*before, _read(content)), os.environ)
    found = diagnose(mdf, wanted)
    _tell(found)
    if fix:
        found = _fix(mdf, wanted, content)
    answer = asyncio.run(probe(wanted.hosts[0], wanted.port, "/", tls=wanted.tls))
    click.echo(f"{wanted.url}: {answer.text}")
    errors = sum(diagnosis.gravity == "error" for diagnosis in found)
    if errors:
        mendable = not fix and mend(mdf, wanted) != mdf
        hint = "; --fix writes the lines that it can correct" if mendable else ""
        click.echo(f"{content}: the agent will not connect{hint}")
        sys.exit(1)
    once = "" if answer.reached else ", once mdxdash is there"
    click.echo(f"{content}: the agent will connect{once}")


def _read(path: Path) -> MdfFile:
    try:
        if path.exists() and not path.is_file():
            fail(f"{path} is no file")  # a device, a pipe: it might never end, and is not ours
        if path.stat().st_size > MDF_BYTES:
            fail(f"{path} is no .mdf: it has more than {MDF_BYTES:,} bytes")
        return parse_mdf(path.read_bytes(), path.name)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}")


def _tell(found: list[Diagnosis]) -> None:
    for diagnosis in found:
        place = diagnosis.file + ("" if diagnosis.line is None else f":{diagnosis.line}")
        text = f"{place}: {diagnosis.code} {diagnosis.gravity}: {diagnosis.text}"
        click.echo(printable(text))


def _fix(mdf: Mdf, wanted: HubAddress, path: Path) -> list[Diagnosis]:
    """Writes the mended file, with the old one beside it; what is left to tell afterwards."""
    old = mdf.files[-1].content
    mended = mend(mdf, wanted)
    new = mended.files[-1].content
    if new != old:
        backup = _backup_name(path)
        try:
            write_bytes(backup, old)
            shutil.copymode(path, backup)  # what it holds is nobody else's either
            write_bytes(path, new)
        except (SettingsError, OSError) as error:
            fail(str(error))
        click.echo(f"{path}: corrected; as it was, it is {backup.name}")
    return diagnose(mended, wanted)


def _backup_name(path: Path) -> Path:
    """`content.mdf.bak`, or `content.mdf.bak2` and so on: no older backup is lost."""
    number = 1
    while (backup := path.with_name(f"{path.name}.bak{number if number > 1 else ''}")).exists():
        number += 1
    return backup
