"""`mdxdash broker`: what is said where there is nobody, and what is asked."""

import pytest

from mdxdash.cli.commands.broker import command
from tests.support.programs import mdxdash


def test_its_commands_are_listed():
    assert list(command.commands) == ["list", "send", "fire"]


@pytest.mark.parametrize("arguments", [("list",), ("send", "all", "A|1"), ("fire", "all", "Greet")])
def test_where_no_broker_is_named_it_says_how(arguments: tuple[str, ...]):
    result = mdxdash("broker", *arguments)
    assert result.returncode == 2
    assert "no broker: expected an address" in result.stderr


def test_a_password_is_not_taken_from_the_command_line():
    for arguments in (
        ("broker", "list", "--broker", "amqp://me:secret-1@localhost"),
        ("serve", "--fleet", "amqp://me:secret-1@localhost"),
    ):
        result = mdxdash(*arguments)
        assert result.returncode == 2
        assert "does not belong into a command line" in result.stderr
        assert "secret-1" not in result.stderr
