"""Where keys work together: each pane with the keys that work everywhere, each dialog alone."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from textual.binding import Binding, BindingType

from mdxdash.language.translation import N_
from mdxdash.tui.dashboard.recorded import RecordedScreen
from mdxdash.tui.dashboard.screen import DashboardScreen
from mdxdash.tui.finding.find_line import FindInput
from mdxdash.tui.keys import KEYS
from mdxdash.tui.panes.agents import AgentsPane
from mdxdash.tui.panes.composing.composer import Composer
from mdxdash.tui.panes.composing.composer_input import ComposeInput
from mdxdash.tui.panes.filter_bar import FilterBar, FilterInput
from mdxdash.tui.panes.macros import MacrosPane
from mdxdash.tui.panes.session_rows import SessionRows
from mdxdash.tui.panes.types import TypesPane
from mdxdash.tui.screens.comparing.two_sessions import Pairs, TwoSessionsScreen
from mdxdash.tui.screens.event_screen import EventScreen
from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.screens.lost_agent import LostAgentScreen
from mdxdash.tui.screens.macro_dialogs.macro_editor import MacroEditor
from mdxdash.tui.screens.older_events import OlderScreen
from mdxdash.tui.screens.runs import Runs, RunsScreen
from mdxdash.tui.sessions_app import SessionsApp
from mdxdash.tui.views.conversation import Conversation
from mdxdash.tui.views.lanes import Lanes
from mdxdash.tui.views.stream import Stream
from mdxdash.tui.widgets.events.event_list import EventList


class KeyPlace(NamedTuple):
    """A place where the focus can be."""

    title: str
    owners: tuple[type[Any], ...]
    """The classes whose keys work there, the innermost first."""
    types_text: bool = False

    @property
    def bindings(self) -> list[Binding]:
        """All bindings that work there."""
        return [each for owner in self.owners for each in _of_class(owner)]


PLACES: Final = (
    KeyPlace(N_("Everywhere"), (DashboardScreen,)),
    KeyPlace(N_("Stream"), (Stream, DashboardScreen)),
    KeyPlace(N_("Filter line"), (FilterInput, FilterBar, DashboardScreen), types_text=True),
    KeyPlace(N_("Find line"), (FindInput, DashboardScreen), types_text=True),
    KeyPlace(N_("Conversation"), (Conversation, DashboardScreen)),
    KeyPlace(N_("Timeline"), (Lanes, DashboardScreen)),
    KeyPlace(N_("Agents"), (AgentsPane, DashboardScreen)),
    KeyPlace(N_("Types"), (TypesPane, DashboardScreen)),
    KeyPlace(N_("Macros"), (MacrosPane, DashboardScreen)),
    KeyPlace(N_("Composer"), (ComposeInput, Composer, DashboardScreen), types_text=True),
    KeyPlace(N_("Event"), (EventScreen,)),
    KeyPlace(N_("Older events"), (EventList, OlderScreen)),
    KeyPlace(N_("Lost agent"), (EventList, LostAgentScreen)),
    KeyPlace(N_("Macro editor"), (MacroEditor,), types_text=True),
    KeyPlace(N_("Runs"), (Runs, RunsScreen)),
    KeyPlace(N_("Comparison"), (Pairs, TwoSessionsScreen)),
    KeyPlace(N_("Help"), (HelpScreen,)),
    KeyPlace(N_("Recording"), (Stream, RecordedScreen)),
    KeyPlace(N_("Sessions"), (SessionRows, SessionsApp)),
)


def _of_class(owner: type[Any]) -> Iterator[Binding]:
    """The bindings of a class and of those of mdxdash that it inherits from."""
    for each in owner.__mro__:
        if not each.__module__.startswith("mdxdash."):
            continue
        own: list[BindingType] = vars(each).get("BINDINGS", [])
        for binding in own:
            if isinstance(binding, Binding) and not _is_hidden(owner, binding):
                yield binding


def _is_hidden(owner: type[Any], binding: Binding) -> bool:
    """Whether an app has no such action: a recording sends nothing."""
    hidden: frozenset[str] = getattr(owner, "hidden", frozenset())
    name = binding.action.partition("(")[0].rpartition(".")[2]
    return name in hidden and binding in KEYS
