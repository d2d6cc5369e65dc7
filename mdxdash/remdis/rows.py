"""A row: what several units of one exchange mean together. Pure.

Text grows by `add`, is corrected by `revoke`, and is settled by `commit`. Sound is one row with its
seconds and level, however many blocks it has. Anything else shows its latest value.
"""

import base64
import binascii
import json
from array import array
from typing import Any, Final, Literal

import msgspec

from mdxdash.remdis.units import Unit

State = Literal["growing", "corrected", "settled", "flagged"]

SAMPLES_PER_SECOND: Final = 16_000
SAMPLE_BYTES: Final = 2

_LOUDEST: Final = 32_768

_LONGEST_VALUE: Final = 200
"""Characters of a value that are shown."""

_PARTS: Final = 10_000
"""Parts of one text that are kept: one that never ends does not fill the memory."""


class Row(msgspec.Struct):
    """One row of a lane."""

    number: int
    """Counts all rows, from 1."""
    exchange: str
    producer: str
    began: float
    """When its first unit came: Unix time, seconds."""
    updated: float
    """When its latest unit came."""
    state: State = "growing"
    units: int = 0
    revoked: int = 0
    """Units that were taken back."""
    value: str = ""
    """Of what is neither text nor sound: the latest value; of a flagged unit, the reason."""
    seconds: float = 0.0
    """Of sound."""
    level: float = 0.0
    """Of sound: the largest amplitude, from 0 to 1."""
    parts: dict[str, str] = {}
    """Of text: the parts by the id of their unit, in their order."""

    @property
    def text(self) -> str:
        """What the row says now."""
        if self.seconds:
            return f"{self.seconds:.2f} s  level {self.level:.2f}"
        return "".join(self.parts.values()) or self.value

    def add_text(self, unit: Unit) -> None:
        """Takes a unit of a text."""
        if unit.update == "revoke":
            if self.parts.pop(unit.id, None) is not None:
                self.revoked += 1
                self.state = "corrected"
            return
        body = unit.body if isinstance(unit.body, str) else _shown(unit.body)
        is_new = unit.update == "add" or (body and unit.id not in self.parts)
        if is_new and len(self.parts) < _PARTS:
            self.parts[unit.id or f"#{self.units}"] = body
        if unit.update == "commit":
            self.state = "settled"

    def add_sound(self, unit: Unit) -> None:
        """Takes a block of sound."""
        if unit.update == "commit":
            self.state = "settled"
        if isinstance(unit.body, str) and unit.body:
            seconds, level = measure(unit.body)
            self.seconds += seconds
            self.level = max(self.level, level)

    def add_value(self, unit: Unit) -> None:
        """Takes a value, which stands for itself."""
        if unit.update == "revoke":
            self.revoked += 1
            self.state = "corrected"
            return
        self.value = _shown(unit.body)
        if unit.update == "commit":
            self.state = "settled"


def measure(body: str) -> tuple[float, float]:
    """Returns the seconds and the largest amplitude (0 to 1) of a block: base64, 16 bit, 16 kHz,
    little-endian. 0 and 0 for what is none."""
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return 0.0, 0.0
    samples = array("h")
    samples.frombytes(data[: len(data) // SAMPLE_BYTES * SAMPLE_BYTES])
    if not samples:
        return 0.0, 0.0
    loudest = max(map(abs, samples))
    return len(samples) / SAMPLES_PER_SECOND, loudest / _LOUDEST


def _shown(body: Any) -> str:
    if isinstance(body, str):
        return body
    if body is None:
        return ""
    text = json.dumps(body, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
