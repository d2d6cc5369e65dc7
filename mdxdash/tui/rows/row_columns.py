"""The columns of a row of events: which are shown, how wide they are, what the time is."""

from typing import Final, Literal, NamedTuple, cast

from mdxdash.settings.model import ScreenSettings
from mdxdash.settings.saving import SavedValue

TimeFrom = Literal["clock", "session", "previous"]
"""What the time column shows: the time of day, the time since the session's first event, or the
time since the row before."""

COLUMNS: Final = ("time", "agent", "type", "arguments", "echo")
"""The columns in their order."""


class RowColumns(NamedTuple):
    """How rows are laid out. The sign of what happened is always there."""

    shown: frozenset[str] = frozenset(COLUMNS)
    time: TimeFrom = "clock"
    agent_width: int = 0
    """The cells that an agent's name may take; 0: a third of the pane."""
    type_width: int = 0
    """The cells of a type; 0: 26, or 20 in a narrow pane."""
    wrap: bool = False
    """Whether a long row takes several lines."""

    def name_width(self, longest: int, pane: int) -> int:
        """Returns the cells of the agents' names in a pane of `pane` cells, where the longest name
        takes `longest`."""
        return min(longest, self.agent_width or max(1, pane // 3))


ALL_COLUMNS: Final = RowColumns()


def columns_of(settings: ScreenSettings) -> RowColumns:
    """Returns the columns that the settings ask for."""
    return RowColumns(
        frozenset(settings.columns),
        cast("TimeFrom", settings.time),
        settings.agent_width,
        settings.type_width,
        settings.wrap,
    )


def settings_of(columns: RowColumns) -> dict[str, SavedValue]:
    """Returns the `[screen]` settings that ask for these columns, as the file has them."""
    return {
        "columns": [name for name in COLUMNS if name in columns.shown],
        "time": columns.time,
        "agent_width": columns.agent_width,
        "type_width": columns.type_width,
        "wrap": columns.wrap,
    }


def seconds_text(seconds: float, *, narrow: bool) -> str:
    """Returns a time since something, as the time column shows it: `+0.250` or `1:02:03.4`; in a
    narrow pane without its milliseconds."""
    if abs(seconds) < 60:
        return f"{seconds:+.1f}" if narrow else f"{seconds:+.3f}"
    sign, rest = "-" if seconds < 0 else "", abs(seconds)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(int(minutes), 60)
    text = f"{minute:02}:{int(second):02}" if narrow else f"{minute:02}:{second:06.3f}"
    return f"{sign}{hours}:{text}" if hours else f"{sign}{text}"
