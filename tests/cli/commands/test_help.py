"""`mdxdash help`: the guides."""

import pytest

from mdxdash.cli import COMMANDS
from mdxdash.cli.commands.help import TOPICS, command, guide, title
from tests.support.programs import call, mdxdash


def test_alone_it_lists_every_guide_with_its_title() -> None:
    shown = call(command).output
    for topic in TOPICS:
        assert any(
            line.split(maxsplit=1) == [topic, title(topic)] for line in shown.splitlines()
        ), topic


@pytest.mark.parametrize("topic", TOPICS)
def test_a_guide_is_printed_as_it_is(topic: str) -> None:
    result = call(command, topic)
    assert result.output == guide(topic)
    assert result.output.startswith("# ") and result.output.endswith("\n")


def test_a_guide_and_a_command_never_have_the_same_name() -> None:
    assert not set(TOPICS) & set(COMMANDS)


def test_the_name_of_a_command_shows_its_help() -> None:
    assert mdxdash("help", "serve").stdout == mdxdash("serve", "--help").stdout


def test_an_unknown_name_ends_it_with_2_and_the_nearest_one() -> None:
    done = mdxdash("help", "filtre")
    assert done.returncode == 2
    assert "no guide or command 'filtre'; did you mean filter?" in done.stderr
