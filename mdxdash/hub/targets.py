"""Which agents a target selects: all, one by its name, some by a glob, or a named group. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from mdxdash.settings.model import ALL_AGENTS

ALL: Final = ALL_AGENTS
"""The target that selects every agent; no target (None) does too."""

EXACTLY: Final = "="
"""Before a name: the agent of that name only, even if a group has the same name or the name
holds glob characters."""


def exactly(agent: str) -> str:
    """Returns the target that selects the agent of that name only."""
    return EXACTLY + agent


def selects(target: str | None, agent: str, groups: Mapping[str, Sequence[str]]) -> bool:
    """Returns whether a target selects the agent of that name.

    `groups` are lists of names and globs under their names. A group wins over an agent of its name.
    """
    if target is None or target == ALL:
        return True
    if target.startswith(EXACTLY):
        return agent == target.removeprefix(EXACTLY)
    patterns = groups.get(target, (target,))
    return any(agent == pattern or fnmatchcase(agent, pattern) for pattern in patterns)


def next_target(
    target: str | None, agents: Iterable[str], groups: Mapping[str, Sequence[str]]
) -> str | None:
    """Returns the target after another one: all agents (None), each agent by its name, each group,
    and all agents again. After a target that is not among these comes None."""
    targets = [None, *map(exactly, agents), *groups]
    index = targets.index(target) if target in targets else -1
    return targets[(index + 1) % len(targets)]
