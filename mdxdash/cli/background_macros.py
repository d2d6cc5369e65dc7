"""The macros of `mdxdash serve --macro`: they stand as long as the hub does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.macros.catalog_checks import check_macro
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.settings.toml_source import SettingsError, read_toml

ON_ARRIVAL = "kind:connected"
"""What sets off a macro that has neither `on` nor `every`."""


@dataclass(frozen=True, slots=True)
class BackgroundMacros:
    """What is in force; nothing, where no macro was named."""

    macros: tuple[Macro, ...] = ()
    """All that can be run, those that are only parts of others too."""
    names: frozenset[str] = frozenset()
    """Those that were asked for."""


def background_macros(file: Path, names: Sequence[str]) -> BackgroundMacros:
    """The macros of a file with those names made to stand. Raises SettingsError."""
    macros = read_macros(read_toml(file, absent=""))
    known = [macro.name for macro in macros]
    for name in names:
        if name not in known:
            listed = ", ".join(f'"{each}"' for each in known)
            raise SettingsError(f'--macro: there is no "{name}": expected one of {listed}', file)
    return BackgroundMacros(
        tuple(_standing(macro) if macro.name in names else macro for macro in macros),
        frozenset(names),
    )


async def run_background(
    hub: HubServer, log: EventLog, standing: BackgroundMacros, say: Callable[[str], None]
) -> None:
    """Runs them until it is cancelled; says which runs failed."""
    for line in check_macro(standing.macros):
        say(line)
    runner = MacroRunner(hub, log, standing.macros)

    def tell(record: RunRecord, step: StepRecord | None) -> None:
        if step is None and record.state == "failed":
            say(f"macro {record.macro} on {record.agent}: {record.failure}")

    runner.runs.subscribe(tell)
    for macro in standing.macros:
        if macro.name not in standing.names:
            runner.stop(macro)
        elif macro.every is not None:
            runner.trigger(macro)
    await runner.run()


def _standing(macro: Macro) -> Macro:
    if macro.on is not None or macro.every is not None:
        return macro
    return msgspec.structs.replace(macro, on=ON_ARRIVAL)
