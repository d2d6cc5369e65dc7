"""The macros of `mdxdash serve --macro`: they run in the background as long as the hub does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mdxdash.events.log import EventLog
from mdxdash.filters.filter import parse
from mdxdash.hub.server import HubServer
from mdxdash.macros.catalog_checks import check_macros
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.macros.selection import macros_named
from mdxdash.settings.toml_source import SettingsError, read_toml

WHEN_CONNECTED = parse("kind:connected")
"""The `on` of a macro that has neither `on` nor `every`."""


@dataclass(frozen=True, slots=True)
class BackgroundMacros:
    """The macros that run in the background; none if none was named."""

    macros: tuple[Macro, ...] = ()
    """All macros of the file, since one can run another."""
    names: frozenset[str] = frozenset()
    """Those that were named, and are switched on."""


def background_macros(file: Path, names: Sequence[str]) -> BackgroundMacros:
    """Returns the macros of a file, those of these names so that they can run in the background.

    Raises SettingsError for an error in the file, and for a name that no macro has.
    """
    macros = read_macros(read_toml(file, absent=""))
    try:
        macros_named(macros, names)
    except LookupError as error:
        raise SettingsError(f"--macro: {error}", file) from error
    return BackgroundMacros(
        tuple(_switched(macro) if macro.name in names else macro for macro in macros),
        frozenset(names),
    )


async def run_background(
    hub: HubServer, log: EventLog, background: BackgroundMacros, report: Callable[[str], None]
) -> None:
    """Runs the macros until it is cancelled. `report` is called with what the catalog finds wrong
    with them, and with each run that fails."""
    for line in check_macros(background.macros):
        report(line)
    runner = MacroRunner(hub, log, background.macros)

    def report_failure(record: RunRecord, step: StepRecord | None) -> None:
        if step is None and record.state == "failed":
            report(f"macro {record.macro} on {record.agent}: {record.failure}")

    runner.runs.subscribe(report_failure)
    for macro in background.macros:
        if macro.name not in background.names:
            runner.stop(macro)
        elif macro.every is not None:
            runner.trigger(macro)
    await runner.run()


def _switched(macro: Macro) -> Macro:
    return macro if macro.is_switched else msgspec.structs.replace(macro, on=WHEN_CONNECTED)
