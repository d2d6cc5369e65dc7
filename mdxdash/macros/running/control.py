"""The small protocol through which front ends see the macros: those in force, what each does, what
runs did, and how they are fired and stopped.

`MacroRunner` implements it for macros that run in this process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunLog, RunRecord


@dataclass(slots=True)
class Tally:
    """What became of a macro in this session."""

    fired: int = 0
    """How often it began on at least one agent."""
    missed: int = 0
    """How often it was fired and no agent of its target was connected."""
    skipped: int = 0
    """How often it did not begin on an agent, or was queued there, because it still ran."""
    passed: int = 0
    """Runs that did all their steps; a firing has one run for each agent."""
    failed: int = 0
    """Runs of which a step failed."""
    refused: str = ""
    """Why its last firing failed at once, or why its trigger was switched off; else empty."""


class Firing(msgspec.Struct, frozen=True):
    """What became of one firing of a macro."""

    runs: tuple[RunRecord, ...]
    """Those that began, one for each agent."""
    outcome: Literal["started", "no agent", "queued", "skipped"]
    """`started` if there is a run. Otherwise `no agent` of its target is connected, or the macro
    still runs on all of them, and is `queued` or `skipped`."""


class NotFired(Exception):
    """A macro was not fired; the text is the reason."""


class MacroControl(Protocol):
    """The macros in force, and those that run now, wherever they run. All attributes are
    read-only."""

    @property
    def macros(self) -> Sequence[Macro]:
        """The macros in force, in the order of their file; another object when they changed."""

    @property
    def waiting_for_trust(self) -> frozenset[str]:
        """The names of those with `on` that are off because the user does not trust their file."""

    @property
    def runs(self) -> RunLog:
        """What each run did."""

    def for_key(self, key: str) -> Macro | None:
        """Returns the macro that a key fires; None if there is none."""

    def tally(self, macro: Macro) -> Tally:
        """Returns the counts of a macro."""

    def is_running(self, macro: Macro) -> bool:
        """Returns whether it is switched on, or has a run that is not over."""

    def active(self, macro: Macro) -> Sequence[RunRecord]:
        """Returns its runs that are not over, one for each agent."""

    def next_in(self, macro: Macro) -> float | None:
        """Returns the seconds until a periodic macro fires next; None if it is switched off."""

    def trigger(self, macro: Macro) -> None:
        """Fires a macro; one with `every` or `on` is switched on, or off if it is on."""

    async def request_fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> Firing:
        """Fires a macro once on every connected agent of its target, and waits until it is known
        what became of it.

        `params` are values instead of the defaults of its parameters. Raises `NotFired`.
        """

    def cancel(self, record: RunRecord) -> None:
        """Stops one run."""

    def stop(self, macro: Macro) -> None:
        """Stops the runs of a macro, and switches it off."""

    def stop_all(self) -> int:
        """Stops all macros that run or are switched on; returns how many these were."""

    def replace(self, macros: Sequence[Macro], *, trusted: bool = True) -> None:
        """Takes over the macros of the file, which was changed here; `trusted` is whether the user
        trusts it."""
