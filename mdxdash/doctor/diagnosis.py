"""One thing that is wrong in an `.mdf`, and the changes that correct it."""

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "note"]
"""`error`: the agent will not connect. `warning`: it will not always. `note`: good to know."""


class Replacement(msgspec.Struct, frozen=True):
    """New bytes for a part of the content's file."""

    start: int
    end: int
    data: bytes = b""


class Diagnosis(msgspec.Struct, frozen=True):
    """One thing that is wrong, and what corrects it."""

    code: str
    severity: Severity
    text: str
    """What is wrong and what to do, in a sentence or two."""
    keys: tuple[str, ...] = ()
    """The settings that it is about; empty: the file as a whole."""
    file: str = ""
    line: int | None = None
    """The line's number, from 1."""
    sets: tuple[tuple[str, str], ...] = ()
    """The settings and values that correct it."""
    replacements: tuple[Replacement, ...] = ()
    """The changes of bytes that correct it."""

    @property
    def mendable(self) -> bool:
        """Whether `mend` corrects it."""
        return bool(self.sets or self.replacements)
