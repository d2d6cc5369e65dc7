"""All rules of the `.mdf` doctor, and what they find in one file."""

from typing import Final

from mdxdash.doctor.address_rules import ADDRESS_RULES
from mdxdash.doctor.connection_rules import CONNECTION_RULES
from mdxdash.doctor.diagnosis import Diagnosis
from mdxdash.doctor.file_rules import FILE_RULES
from mdxdash.doctor.hub_address import HubAddress
from mdxdash.doctor.mdf_file import MdfSettings
from mdxdash.doctor.plugin_rules import PLUGIN_RULES
from mdxdash.doctor.rule import RuleContext

RULES: Final = (*FILE_RULES, *PLUGIN_RULES, *ADDRESS_RULES, *CONNECTION_RULES)
"""In the order in which they are applied."""


def diagnose(mdf: MdfSettings, hub: HubAddress) -> list[Diagnosis]:
    """Return what keeps an agent from connecting to the hub, in the order of `RULES`.

    An empty list: it will connect. Once a rule has found something about a key, later rules do not
    report that key again, so that one error has one diagnosis. A diagnosis of the file as a whole
    is the last one, because it causes all others.
    """
    context = RuleContext(mdf, hub)
    reported: set[str] = set()
    found: list[Diagnosis] = []
    for rule in RULES:
        diagnosis = rule.look(context)
        if diagnosis is None or reported & set(diagnosis.keys):
            continue
        found.append(diagnosis)
        if not diagnosis.keys:
            break
        reported |= set(diagnosis.keys)
    return found
