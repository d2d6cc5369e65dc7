"""Explanations of the codes of the doctor (`D…`) and of the relay (`R…`)."""

from typing import Final

from mdxdash.doctor.rules import RULES
from mdxdash.hub.relay.hazards import HAZARDS
from mdxdash.language.translation import N_, Language, text_in

_DOCTOR: Final = N_("check: found in an agent's .mdf")
_RELAY: Final = N_(
    "relay: found in what your server sends; with --relay-guard repaired or held back"
)

_RULES: Final = {rule.code: rule for rule in sorted(RULES, key=lambda rule: rule.code)}


def explain_code(code: str, language: Language = "en") -> str | None:
    """Return the explanation of a code, in any letter case; None for an unknown one."""
    code = code.upper()
    if (rule := _RULES.get(code)) is not None:
        finds = text_in(language, rule.finds)
        meaning = text_in(language, rule.meaning)
        return f"{code}  {text_in(language, _DOCTOR)}\n{finds[:1].upper()}{finds[1:]}.\n{meaning}"
    if (hazard := HAZARDS.get(code)) is not None:
        return f"{code}  {text_in(language, _RELAY)}\n{text_in(language, hazard)}"
    return None


def all_codes(language: Language = "en") -> str:
    """Return the list of the doctor's and the relay's codes, a line each."""
    return "\n".join(
        (
            text_in(language, _DOCTOR),
            *(f"  {code}  {text_in(language, rule.finds)}" for code, rule in _RULES.items()),
            text_in(language, _RELAY),
            *(f"  {code}  {text_in(language, hazard)}" for code, hazard in HAZARDS.items()),
        )
    )
