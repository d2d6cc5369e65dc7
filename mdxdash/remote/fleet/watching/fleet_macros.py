"""The macros of all hubs of a broker, each once by its name. They run where their agents are."""

from collections.abc import Mapping, Sequence
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.macros.model import Macro
from mdxdash.macros.running.control import Firing, NotFired, Tally
from mdxdash.macros.running.run_log import RunLog, RunRecord
from mdxdash.remote.fleet.addressing import place
from mdxdash.remote.fleet.messages import MacroState
from mdxdash.remote.fleet.watching.fleet_hub import FleetHub, GiveOrder, Order
from mdxdash.remote.fleet.watching.fleet_runs import FleetRuns
from mdxdash.remote.fleet.watching.plausible import MACROS_MAX
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub

_NOTHING: Final = MacroState()


class FleetMacros:
    """Implements `MacroControl`. What a macro does is known to its hub alone, so it is fired with
    the defaults of its parameters, once; what became of it is reported."""

    waiting_for_trust: frozenset[str] = frozenset()

    def __init__(self, hub: FleetHub, runs: FleetRuns, give: GiveOrder, *, read_only: bool) -> None:
        """`runs`: those of all hubs. `give` sends what is ordered to the hubs."""
        self._runs = runs
        self._hub = hub
        self._give = give
        self._read_only = read_only
        self._macros: tuple[Macro, ...] = ()

    @property
    def runs(self) -> RunLog:
        return self._runs.log

    @property
    def macros(self) -> Sequence[Macro]:
        names = {name for hub in self._there() for name in _names(hub)}
        wanted = sorted(names, key=str.casefold)[:MACROS_MAX]
        if wanted != [macro.name for macro in self._macros]:
            self._macros = tuple(map(Macro, wanted))
        return self._macros

    def hubs(self, macro: Macro) -> dict[str, int]:
        """Returns the hubs that are there and have a macro of this name, each with how many of its
        agents are connected."""
        return {
            hub.name: sum(agent.connected for agent in hub.agents.values())
            for hub in sorted(self._there(), key=lambda hub: place(hub.name))
            if macro.name in _names(hub)
        }

    @property
    def hub_count(self) -> int:
        """How many hubs are there."""
        return len(self._there())

    def fire_at(self, macro: Macro, hubs: Sequence[str]) -> None:
        """Fires a macro at some hubs."""
        if not self._read_only and hubs:
            self._give(Order(dict.fromkeys(hubs, ()), macro=macro.name))

    def tally(self, macro: Macro) -> Tally:
        states = self._states(macro)
        refused = next((state.refused for state in states if state.refused), "")
        return Tally(
            fired=sum(state.fired for state in states),
            failed=sum(state.failed for state in states),
            refused=refused,
        )

    def is_running(self, macro: Macro) -> bool:
        return any(state.running for state in self._states(macro)) or bool(self.active(macro))

    def trigger(self, macro: Macro) -> None:
        self.fire_at(macro, list(self.hubs(macro)))

    async def request_fire(self, macro: Macro, params: Mapping[str, str] | None = None) -> Firing:
        if self._read_only:
            raise NotFired(N_("this dashboard only reads (--read-only)"))
        self.trigger(macro)
        return Firing((), "started")

    def stop(self, macro: Macro) -> None:
        """Stops a macro wherever it runs, and switches it off there."""
        running = tuple(hub.name for hub in self._there() if _state(hub, macro.name).running)
        if running and not self._read_only:
            self._give(Order(dict.fromkeys(running, ()), stop_macro=macro.name))

    def stop_all(self) -> int:
        """Stops all that run, wherever they run; returns how many macros these are."""
        if self._read_only:
            return 0
        running = [macro for macro in self.macros if self.is_running(macro)]
        for macro in running:
            self.stop(macro)
        return len(running)

    def active(self, macro: Macro) -> Sequence[RunRecord]:
        records = self.runs.records
        return [each for each in records if each.macro == macro.name and each.state == "running"]

    def cancel(self, record: RunRecord) -> None:
        """Stops one run where it goes on."""
        origin = self._runs.origin(record)
        if origin is not None and not self._read_only:
            order = Order({origin.hub: ()}, stop_macro=record.macro, stop_run=origin.run)
            self._give(order)

    # What only one hub has

    def for_key(self, key: str) -> Macro | None:
        return None

    def next_in(self, macro: Macro) -> float | None:
        return None

    def replace(self, macros: Sequence[Macro], *, trusted: bool = True) -> None:
        """There is no file here."""

    def _there(self) -> list[WatchedHub]:
        return [hub for hub in self._hub.hubs.values() if not hub.gone]

    def _states(self, macro: Macro) -> list[MacroState]:
        return [_state(hub, macro.name) for hub in self._there()]


def _names(hub: WatchedHub) -> Sequence[str]:
    return () if hub.presence is None else hub.presence.macros


def _state(hub: WatchedHub, macro: str) -> MacroState:
    return _NOTHING if hub.presence is None else hub.presence.macro_states.get(macro, _NOTHING)
