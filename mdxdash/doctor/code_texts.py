"""The hub's own codes as text for a person to read: the doctor's (`D…`), the relay's (`R…`)."""

from typing import Final

from mdxdash.doctor.rule_table import RULES
from mdxdash.hub.relay.guard import HAZARDS

_DOCTOR: Final = "check: found in an agent's .mdf"
_RELAY: Final = "relay: told of what your server sends; with --relay-guard repaired or held back"

_FOUND: Final = {rule.code: rule for rule in sorted(RULES, key=lambda rule: rule.code)}


def explain_code(code: str) -> str | None:
    """The text on a code of the hub; None if it is none."""
    code = code.upper()
    if (rule := _FOUND.get(code)) is not None:
        return f"{code}  {_DOCTOR}\n{rule.finds[:1].upper()}{rule.finds[1:]}.\n{rule.meaning}"
    if (hazard := HAZARDS.get(code)) is not None:
        return f"{code}  {_RELAY}\n{hazard}"
    return None


def all_codes() -> str:
    """The list of the hub's codes."""
    return "\n".join(
        (
            _DOCTOR,
            *(f"  {code}  {rule.finds}" for code, rule in _FOUND.items()),
            _RELAY,
            *(f"  {code}  {hazard}" for code, hazard in HAZARDS.items()),
        )
    )
