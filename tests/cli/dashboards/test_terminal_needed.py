"""Where no screen can be drawn, a dashboard says so and ends."""

import sys
from pathlib import Path

import pytest

from tests.support.terminal import mdxdash_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@pytest.mark.parametrize("arguments", [("--demo",), ("open",), ("attach",)])
def test_a_dumb_terminal_is_told_from_one_that_waits(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with mdxdash_terminal(tmp_path, *arguments, term="dumb") as terminal:
        terminal.until("can draw no screen (TERM=dumb)")
        assert terminal.end() == 2
