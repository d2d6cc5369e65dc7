"""The dashboard: all panes, and all that its keys do.

It keeps the session's services running and asks the rooms below; it contains no rules of its own.
"""

from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from mdxdash.tui.dashboard.agent_actions import AgentActions
from mdxdash.tui.dashboard.leaving import DashboardEnd
from mdxdash.tui.dashboard.navigation import Navigation
from mdxdash.tui.dashboard.row_actions import RowActions
from mdxdash.tui.finding.find_control import FindControl
from mdxdash.tui.keys import KEYS
from mdxdash.tui.palette import Commands


class DashboardScreen(Navigation, RowActions, AgentActions, DashboardEnd, FindControl):
    """The screen on the hub in this process; those on other hubs derive from it."""

    CSS_PATH = Path(__file__).with_name("dashboard.tcss")
    COMMANDS = {Commands}  # noqa: RUF012  Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = KEYS
