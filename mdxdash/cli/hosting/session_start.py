"""Makes the session of a command that hosts agents from its settings, and reports what waits."""

from collections.abc import Sequence
from pathlib import Path

from mdxdash.cli.options import check_recordings_folder, fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.trust_notice import banner, waiting_macros
from mdxdash.hub.listening import Listeners
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.selection import macros_named
from mdxdash.programs.runner import check_feeds
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.session_macros import SwitchedOn
from mdxdash.settings.model import Settings
from mdxdash.settings.trust import TrustedFiles


def new_session(
    settings: Settings,
    *,
    record_file: Path | None,
    listeners: Listeners | None = None,
    triggers: bool = True,
    named: Sequence[str] = (),
) -> HubSession:
    """Makes a session; nothing of it is started yet.

    * `record_file`: the file to record into, instead of a new one in the recordings directory.
    * `listeners`: what listens already for these settings; else the hub listens when the session is
      entered.
    * `triggers`: whether the macros with `on` are switched on, where the user trusts their file.
    * `named`: the macros of `--macro`, which are switched on in any case. A name that no macro has,
      an error in their file, and a recordings folder that cannot be, end the program with code 2.
    """
    check_recordings_folder(settings.recording)
    if wrong := check_feeds(settings.programs):
        fail(f"{settings.file.name}: {wrong}")
    trusts = TrustedFiles().trusts if settings.found_here else lambda source: True
    macro_file = MacroFile(settings.file, trusts)
    macro_file.refresh()
    if named:
        _check_named(macro_file, named)
    if triggers:
        for line in waiting_macros(macro_file, named):
            report(f"mdxdash: {line}")
    return HubSession(
        settings,
        macro_file,
        record_file=record_file,
        listeners=listeners,
        switched_on=SwitchedOn(triggers, frozenset(named)),
        untrusted=lambda: banner(settings, macro_file),
    )


def _check_named(macro_file: MacroFile, named: Sequence[str]) -> None:
    if macro_file.error is not None:
        fail(str(macro_file.error))
    try:
        macros_named(macro_file.macros, named)
    except LookupError as error:
        fail(f"{macro_file.path.name}: --macro: {error}")
