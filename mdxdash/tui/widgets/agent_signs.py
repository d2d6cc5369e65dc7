"""A letter and a colour for each agent, the same wherever it is shown."""

from typing import NamedTuple

COLOURS = 6
"""As many as can be told apart; the letter tells those that share one."""

_MOST = 4096
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class AgentSign(NamedTuple):
    """How an agent is told apart at a glance."""

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
        place = len(self)
        found = AgentSign(_LETTERS[place % len(_LETTERS)], f"agent-{place % COLOURS}")
        self[name] = found
        return found
