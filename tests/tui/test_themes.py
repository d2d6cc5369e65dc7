"""Names of themes: what is wrong with one is an error as of every setting."""

import pytest

from mdxdash.tui.themes import theme_error

KNOWN = ["nord", "gruvbox"]


@pytest.mark.parametrize("name", [None, *KNOWN])
def test_a_known_theme_or_none_is_right(name: str | None) -> None:
    assert theme_error(name, KNOWN) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [("nrod", 'did you mean "nord"?'), ("x", "there are gruvbox, nord")],
)
def test_an_unknown_theme_is_answered_with_known_ones(name: str, hint: str) -> None:
    assert (
        theme_error(name, KNOWN) == f'`theme`: expected the name of a theme, got "{name}": {hint}'
    )
