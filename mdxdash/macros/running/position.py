"""Where a run is in its macro, level by level, so that another process can go on from there.

A run that goes on enters the same levels as before: in each it begins at the step that it was at,
with the variables that it had, and does no step again.
"""

from collections import deque
from collections.abc import Iterable

import msgspec

from mdxdash.macros.running.variables import Variables


class MacroLevel(msgspec.Struct, tag="macro"):
    """In a macro."""

    definition: str
    """The macro as a text, to find out whether it is another one now."""
    variables: Variables
    instead: str = ""
    """The macro that runs instead of the remaining steps; empty while they are done."""


class StepsLevel(msgspec.Struct, tag="steps"):
    """In a list of steps."""

    index: int = 0
    """Of the step that it is at, from 1."""
    round: int = 0
    """The round of that step, from 1, if it is a `repeat`."""


Level = MacroLevel | StepsLevel


class Position:
    """The levels of one run, the outermost first."""

    def __init__(self, left: Iterable[Level] = ()) -> None:
        """`left` are the levels of the same run in another process."""
        self.levels: list[Level] = []
        self._left = deque(left)

    @property
    def goes_on(self) -> bool:
        """Whether the level that is entered next is one of the other process."""
        return bool(self._left)

    def enter_macro(self, level: MacroLevel) -> MacroLevel:
        """Enters a macro. Returns its level, which may be that of the other process."""
        if self._left:
            found = self._left.popleft()
            assert isinstance(found, MacroLevel)
            level = found
        self.levels.append(level)
        return level

    def enter_steps(self) -> StepsLevel:
        """Enters a list of steps. Returns its level, which may be that of the other process."""
        level = self._left.popleft() if self._left else StepsLevel()
        assert isinstance(level, StepsLevel)
        self.levels.append(level)
        return level

    def leave(self) -> None:
        """Leaves the innermost level."""
        self.levels.pop()
