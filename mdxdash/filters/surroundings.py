"""The context of what a filter lets pass: which events stand near it."""

from collections.abc import Sequence

CONTEXT_MAX = 99
"""The most events of context on each side. More are better looked at without the filter."""


def within(matches: Sequence[bool], distance: int) -> list[bool]:
    """Returns for each position whether a match is at most `distance` positions away from it.

    A match itself is always within its distance.
    """
    near = [False] * len(matches)
    for positions in (range(len(matches)), range(len(matches) - 1, -1, -1)):
        left = -1
        for position in positions:
            left = distance if matches[position] else left - 1
            if left >= 0:
                near[position] = True
    return near
