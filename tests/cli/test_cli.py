"""The command line as a whole: every command is there, and its help."""

import pytest

from mdxdash.cli import COMMANDS
from mdxdash.version import __version__
from tests.support.programs import mdxdash


def test_the_version() -> None:
    assert mdxdash("--version").stdout.strip().endswith(__version__)


def test_the_help_lists_every_command() -> None:
    shown = mdxdash("--help").stdout
    for name in COMMANDS:
        assert f"\n  {name} " in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help(name: str) -> None:
    shown = mdxdash(name, "--help").stdout
    assert shown.startswith(f"Usage: mdxdash {name} ")


def test_an_unknown_command_ends_it_with_2() -> None:
    done = mdxdash("nonsense")
    assert done.returncode == 2 and "No such command 'nonsense'" in done.stderr
