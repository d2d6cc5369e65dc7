"""`mdxdash explain`."""

import pytest
from click.testing import CliRunner

from mdxdash.catalog.codes import CODES
from mdxdash.cli.commands.explain import command
from mdxdash.doctor.rules import RULES
from mdxdash.hub.relay.hazards import HAZARDS

HUB_CODES = {**HAZARDS, **{rule.code: rule.meaning for rule in RULES}}


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
    assert all(f"  {code}  " in text for code in (*CODES, *HUB_CODES))


def test_a_code():
    assert "crashes the agent" in explained("W101")


@pytest.mark.parametrize("code", HUB_CODES)
def test_a_code_of_the_doctor_and_the_relay(code: str):
    head, *text = explained(code.lower()).splitlines()
    assert head.startswith(f"{code}  ")
    assert HUB_CODES[code] in text


def test_codes_are_unique():
    assert not CODES.keys() & HUB_CODES.keys()
    assert len(HUB_CODES) == len(RULES) + len(HAZARDS)


def test_what_is_unknown_names_the_nearest():
    result = CliRunner().invoke(command, ["SYNTH_STRAT"])
    assert result.exit_code == 2
    assert "SYNTH_START" in result.output
