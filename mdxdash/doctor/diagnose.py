"""What in an agent's `.mdf` will keep it from this hub: what the rules say, and mending it.

What a rule has told about a key is not told again by those after it, so that one mistake has one
diagnosis. Pure.
"""

from typing import Final

from mdxdash.doctor.diagnosis import CutLine, Diagnosis, ExampleCase, HubAddress
from mdxdash.doctor.mdf_file import Mdf, MdfFile, parse_mdf
from mdxdash.doctor.rule_table import RULES

_ROUNDS: Final = 5
"""Some mistakes hide others: a file that is skipped as a whole hides all of its own."""


def diagnose(mdf: Mdf, wanted: HubAddress) -> list[Diagnosis]:
    """All that is wrong, in the order of the table. An empty list: it will connect."""
    case = ExampleCase(mdf, wanted)
    told: set[str] = set()
    found: list[Diagnosis] = []
    for rule in RULES:
        diagnosis = rule.look(case)
        if diagnosis is None or told & set(diagnosis.keys):
            continue
        if not diagnosis.keys:
            return [*found, diagnosis]  # the file as a whole: all else follows from it
        told |= set(diagnosis.keys)
        found.append(diagnosis)
    return found


def mend(mdf: Mdf, wanted: HubAddress) -> Mdf:
    """The settings with the content's file so changed that the agent connects, as far as that can
    be; what has nothing to do with it keeps its bytes."""
    for _ in range(_ROUNDS):
        content = mdf.files[-1]
        data = _changed(content, diagnose(mdf, wanted))
        if data == content.content:
            break
        mdf = Mdf((*mdf.files[:-1], parse_mdf(data, content.name)), mdf.environ)
    return mdf


def _changed(content: MdfFile, diagnoses: list[Diagnosis]) -> bytes:
    """The content's bytes with what the diagnoses ask for, and nothing else, changed."""
    cuts = [cut for diagnosis in diagnoses for cut in diagnosis.cuts]
    added = b""
    newline = b"\r\n" if b"\r\n" in content.content else b"\n"
    for diagnosis in diagnoses:
        for key, value in diagnosis.sets:
            setting = content.find(key)
            if setting is None:
                added += f"{key}={value}".encode() + newline
            else:
                cuts.append(CutLine(setting.start, setting.end, value.encode()))
    data = content.content
    if added and data and not data.endswith(b"\n"):
        added = newline + added
    data += added
    for cut in sorted(cuts, key=lambda cut: cut.start, reverse=True):
        data = data[: cut.start] + cut.data + data[cut.end :]
    return data
