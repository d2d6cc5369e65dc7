"""Which positions are near a match."""

import pytest

from mdxdash.filters.surroundings import within


@pytest.mark.parametrize(
    ("matches", "distance", "near"),
    [
        ("..x..", 0, "..x.."),
        ("..x..", 1, ".xxx."),
        (".....", 3, "....."),
        ("x...x", 1, "xx.xx"),
        ("x...x", 2, "xxxxx"),
        ("", 2, ""),
    ],
)
def test_near_is_what_a_match_is_at_most_so_far_from(matches: str, distance: int, near: str):
    found = within([each == "x" for each in matches], distance)
    assert "".join("x" if each else "." for each in found) == near
