"""A rule of the `.mdf` doctor, and what it is given."""

from collections.abc import Callable

import msgspec

from mdxdash.doctor.diagnosis import Diagnosis, Severity
from mdxdash.doctor.hub_address import HubAddress
from mdxdash.doctor.mdf_file import MdfFile, MdfSettings, Setting
from mdxdash.language.translation import N_


class RuleContext(msgspec.Struct, frozen=True):
    """What a rule looks at."""

    mdf: MdfSettings
    """Its last file is the content's."""
    hub: HubAddress

    @property
    def content(self) -> MdfFile:
        """The file that can be corrected."""
        return self.mdf.files[-1]

    def value(self, key: str, default: str = "") -> str:
        """Return what the program gets when it asks for a key."""
        return self.mdf.value(key, default)

    def diagnosis(
        self,
        code: str,
        severity: Severity,
        key: str,
        text: str,
        sets: tuple[tuple[str, str], ...] = (),
        more_keys: tuple[str, ...] = (),
    ) -> Diagnosis:
        """Make a diagnosis of the line that gives a key its value."""
        found = self.mdf.find(key)
        keys = (key, *more_keys)
        if found is None:
            return Diagnosis(code, severity, text, keys, self.content.name, sets=sets)
        file, setting = found
        if overruled := _overruled_lines(self.mdf, setting):
            text += N_(" The last of several lines wins; {overruled} lost.").format(
                overruled=overruled
            )
        return Diagnosis(code, severity, text, keys, file.name, setting.line, sets)


class Rule(msgspec.Struct, frozen=True):
    """One kind of error in an `.mdf`: how it is found, and what it means."""

    code: str
    """Stable: people and programs refer to it."""
    finds: str
    meaning: str
    """What the error does in general; the diagnosis names the case at hand."""
    look: Callable[[RuleContext], Diagnosis | None]


def _overruled_lines(mdf: MdfSettings, winner: Setting) -> str:
    """Name the lines with other values of a key: `line 3`, `line 3 of MMDAgent-EX.mdf`."""
    last = mdf.files[-1]
    overruled = [
        N_("line {line}").format(line=setting.line)
        + ("" if file is last else N_(" of {name}").format(name=file.name))
        for file in mdf.files
        for setting in file.settings
        if setting.key == winner.key and setting.value != winner.value
    ]
    return ", ".join(overruled)
