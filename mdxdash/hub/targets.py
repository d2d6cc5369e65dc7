"""Whom a target means: every agent, one by its name, some by a glob, or a named group. Pure."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from mdxdash.settings.model import ALL_AGENTS

ALL: Final = ALL_AGENTS
"""The target that means every agent; so does none at all."""

EXACTLY: Final = "="
"""Before a name: the agent of that name and nobody else, whatever patterns and groups mean."""


def exactly(agent: str) -> str:
    """The target that means the agent of that name alone."""
    return EXACTLY + agent


def means(target: str | None, agent: str, groups: Mapping[str, Sequence[str]]) -> bool:
    """Whether a target means the agent of that name. A group wins over an agent of its name."""
    if target is None or target == ALL:
        return True
    if target.startswith(EXACTLY):
        return agent == target.removeprefix(EXACTLY)
    patterns = groups.get(target, (target,))
    return any(agent == pattern or fnmatchcase(agent, pattern) for pattern in patterns)
