"""The macros pane of all hubs of a broker: a row for each name. A macro runs where its agents are:
one that several hubs have, or that has many agents, is fired where the user chooses."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual import work

from mdxdash.events.log import EventLog
from mdxdash.events.printable import printable
from mdxdash.language.translation import _, ngettext
from mdxdash.macros.model import Macro
from mdxdash.remote.fleet.watching.fleet_hub import ASKED_FROM
from mdxdash.remote.fleet.watching.fleet_macros import FleetMacros
from mdxdash.tui.panes.macros import MacrosPane
from mdxdash.tui.screens.dialogs.choice import Choice, ChoiceDialog
from mdxdash.tui.widgets.cells import cut, cut_middle
from mdxdash.tui.widgets.lists.row_parts import RowPart

_NAMED: Final = 3
"""Hubs that a row names; of more, the number is given."""


class FleetMacrosPane(MacrosPane):
    """Fires at one hub, or at all that have the macro."""

    def __init__(self, macros: FleetMacros, log: EventLog) -> None:
        super().__init__(macros, None, log)
        self._macros = macros

    def _macro_parts(self, macro: Macro, width: int) -> list[RowPart]:
        most = max(0, width // 2 - 1)
        where = hub_names(list(self._macros.hubs(macro)), most)
        parts = super()._macro_parts(macro, width - cell_len(where) - 1)
        return [*parts, RowPart(f" {where}", "dim")]

    def trigger(self, macro: Macro) -> None:
        """Fires a macro, first asking where if that is not plain."""
        hubs = self._macros.hubs(macro)
        if len(hubs) == 1 and sum(hubs.values()) < ASKED_FROM:
            self._macros.fire_at(macro, list(hubs))
        elif hubs:
            self._choose_and_fire(macro, hubs)

    @work
    async def _choose_and_fire(self, macro: Macro, hubs: dict[str, int]) -> None:
        found = places(hubs)
        choices = [Choice(title, about) for title, about, names in found]
        dialog = ChoiceDialog(
            _("Where is {macro} fired?").format(macro=printable(macro.name)),
            choices,
            _("Enter fires it there, with the defaults of its parameters"),
        )
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self._macros.fire_at(macro, found[chosen][2])


def hub_names(hubs: Sequence[str], width: int) -> str:
    """Returns the names of hubs in `width` cells at most: all of them where they have room, else
    how many there are. The name of one alone is cut in its middle."""
    where = ", ".join(map(printable, hubs))
    if len(hubs) == 1:
        return cut_middle(where, width)
    if len(hubs) <= _NAMED and cell_len(where) <= width:
        return where
    return cut(_("{count:,} hubs").format(count=len(hubs)), width)


def places(hubs: dict[str, int]) -> list[tuple[str, str, list[str]]]:
    """Returns where a macro can be fired: a title, what is there, and the names of the hubs. All
    of them come last, since they cannot be chosen by an Enter too much."""
    each = [(name, _agents(count), [name]) for name, count in hubs.items()]
    if len(hubs) > 1:
        title = _("all {count:,} hubs that have it").format(count=len(hubs))
        each.append((title, _agents(sum(hubs.values())), list(hubs)))
    return each


def _agents(count: int) -> str:
    return ngettext("{count:,} agent", "{count:,} agents", count).format(count=count)
