"""`mdxdash explain`."""

from click.testing import CliRunner

from mdxdash.catalog.codes import CODES
from mdxdash.cli.explain import command


def explained(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0
    return result.output


def test_a_message_with_what_the_documentation_has_wrong():
    text = explained("PROMPT_SHOW")
    assert "9 items" in text
    assert "15 items" in text


def test_alone_it_lists_every_code():
    text = explained()
    assert all(code in text for code in CODES)


def test_a_code():
    assert "crashes the agent" in explained("W101")


def test_what_is_unknown_names_the_nearest():
    result = CliRunner().invoke(command, ["SYNTH_STRAT"])
    assert result.exit_code == 2
    assert "SYNTH_START" in result.output
