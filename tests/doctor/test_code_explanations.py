"""Explanations of the codes of the doctor and of the relay."""

import pytest

from mdxdash.doctor.code_explanations import all_codes, explain_code
from mdxdash.doctor.rules import RULES
from mdxdash.hub.relay.hazards import HAZARDS


def test_a_code_of_the_doctor_is_explained_in_three_lines() -> None:
    assert explain_code("d121") == (
        "D121  check: found in an agent's .mdf\n"
        "No host.\n"
        "Without a host the agent connects to nothing."
    )


def test_a_code_of_the_relay_is_explained() -> None:
    code, hazard = next(iter(HAZARDS.items()))
    assert explain_code(code.lower()) == (
        f"{code}  relay: found in what your server sends; "
        f"with --relay-guard repaired or held back\n{hazard}"
    )


def test_an_unknown_code_has_no_explanation() -> None:
    assert explain_code("D999") is None


@pytest.mark.parametrize("code", [*(rule.code for rule in RULES), *HAZARDS])
def test_every_code_is_listed_and_explained(code: str) -> None:
    assert (explain_code(code) or "").startswith(f"{code}  ")
    assert f"\n  {code}  " in all_codes()


def test_the_codes_of_the_doctor_are_listed_in_order() -> None:
    lines = all_codes().split("\n")
    codes = [line.split()[0] for line in lines if line.startswith("  D")]
    assert codes == sorted(codes)
    assert lines[0] == "check: found in an agent's .mdf"
