"""Correcting an `.mdf`, so that the agent connects to this hub. Pure."""

from typing import Final

from mdxdash.doctor.diagnosis import Diagnosis, Replacement
from mdxdash.doctor.hub_address import HubAddress
from mdxdash.doctor.mdf_file import MdfFile, MdfSettings, parse_mdf
from mdxdash.doctor.rules import diagnose

_ROUNDS: Final = 5
"""Some errors hide others: those in a file that is skipped as a whole show once it is read."""


def mend(mdf: MdfSettings, hub: HubAddress) -> MdfSettings:
    """Return the settings with the content's file changed so that the agent connects.

    What has nothing to do with the connection keeps its bytes. Not everything can be corrected:
    call `diagnose` on the result to know what is left.
    """
    for _ in range(_ROUNDS):
        content = mdf.files[-1]
        data = _changed(content, diagnose(mdf, hub))
        if data == content.content:
            break
        mdf = MdfSettings((*mdf.files[:-1], parse_mdf(data, content.name)), mdf.environ)
    return mdf


def _changed(content: MdfFile, diagnoses: list[Diagnosis]) -> bytes:
    """Return the content's bytes with only the changes that the diagnoses name."""
    replacements = [each for diagnosis in diagnoses for each in diagnosis.replacements]
    added = b""
    newline = b"\r\n" if b"\r\n" in content.content else b"\n"
    for diagnosis in diagnoses:
        for key, value in diagnosis.sets:
            setting = content.find(key)
            if setting is None:
                added += f"{key}={value}".encode() + newline
            else:
                replacements.append(Replacement(setting.start, setting.end, value.encode()))
    data = content.content
    if added and data and not data.endswith(b"\n"):
        added = newline + added
    data += added
    for each in sorted(replacements, key=lambda each: each.start, reverse=True):
        data = data[: each.start] + each.data + data[each.end :]
    return data
