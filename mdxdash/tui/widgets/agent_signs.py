"""A letter and a colour for each agent, the same wherever it is shown."""

from typing import NamedTuple

COLOURS = 6
"""As many as can be distinguished; agents that share a colour differ in their letters."""

_MOST = 4096
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class AgentSign(NamedTuple):
    """What distinguishes an agent at a glance."""

    letter: str
    style: str
    """The name of a style of `RowList`."""


class AgentSigns(dict[str, AgentSign]):
    """The signs by the agents' names, given out in the order in which they are asked for."""

    def give(self, name: str) -> None:
        """Sees to it that an agent has a sign, drawn or not."""
        self[name]

    def __missing__(self, name: str) -> AgentSign:
        if len(self) >= _MOST:
            self.clear()
        index = len(self)
        found = AgentSign(_LETTERS[index % len(_LETTERS)], f"agent-{index % COLOURS}")
        self[name] = found
        return found
