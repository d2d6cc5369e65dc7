"""Explanations of the codes of the doctor (`D…`) and of the relay (`R…`)."""

from typing import Final

from mdxdash.doctor.rules import RULES
from mdxdash.hub.relay.hazards import HAZARDS

_DOCTOR: Final = "check: found in an agent's .mdf"
_RELAY: Final = "relay: found in what your server sends; with --relay-guard repaired or held back"

_RULES: Final = {rule.code: rule for rule in sorted(RULES, key=lambda rule: rule.code)}


def explain_code(code: str) -> str | None:
    """Return the explanation of a code, in any letter case; None for an unknown one."""
    code = code.upper()
    if (rule := _RULES.get(code)) is not None:
        return f"{code}  {_DOCTOR}\n{rule.finds[:1].upper()}{rule.finds[1:]}.\n{rule.meaning}"
    if (hazard := HAZARDS.get(code)) is not None:
        return f"{code}  {_RELAY}\n{hazard}"
    return None


def all_codes() -> str:
    """Return the list of the doctor's and the relay's codes, a line each."""
    return "\n".join(
        (
            _DOCTOR,
            *(f"  {code}  {rule.finds}" for code, rule in _RULES.items()),
            _RELAY,
            *(f"  {code}  {hazard}" for code, hazard in HAZARDS.items()),
        )
    )
