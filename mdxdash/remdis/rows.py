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

from mdxdash.remdis.units import Unit, unicode_only

State = Literal["growing", "corrected", "settled", "revoked", "flagged"]
"""What became of a row:

* `growing`, `corrected`: units are added; some were taken back.
* `settled`: nothing is added any more. `revoked`: some of it was taken back after that, as the
  answer of an agent that was interrupted.
* `flagged`: a unit that would end an agent, or a message that is no unit.
"""

SAMPLES_PER_SECOND: Final = 16_000
SAMPLE_BYTES: Final = 2

QUIET: Final = 0.02
"""The largest amplitude, from 0 to 1, of sound in which nobody speaks. The microphone's sound comes
without a pause, so that its level alone tells speech from silence."""

_LOUDEST: Final = 32_768

_LONGEST_VALUE: Final = 200
"""Characters of a value that are shown."""

PARTS_MAX: Final = 2_000
_CHARACTERS: Final = 20_000
"""Parts and characters of one text that are kept: one that never ends does not fill the memory."""


class Row(msgspec.Struct):
    """One row of a lane."""

    number: int
    """Counts all rows, from 1."""
    exchange: str
    producer: str
    began: float
    """When its first unit came: Unix time, seconds."""
    updated: float
    """When its latest unit came; of sound that can be heard, the latest block of it."""
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
    backchannel: bool = False
    """Of text: it is a nod of the agent (`はい`) while it listens, and no answer."""
    parts: dict[str, str] = {}
    """Of text: the parts by the id of their unit, in their order; of a value, its id."""
    characters: int = 0
    """Of text: how many its parts have."""
    is_cut: bool = False
    """Of text: more came than is kept."""

    @property
    def text(self) -> str:
        """What the row says now."""
        if self.seconds:
            return f"{self.seconds:.2f} s  level {self.level:.2f}"
        return self.value or "".join(self.parts.values()) + ("…" if self.is_cut else "")

    @property
    def is_over(self) -> bool:
        """Whether nothing is added any more."""
        return self.state in ("settled", "revoked", "flagged")

    def add_text(self, unit: Unit) -> None:
        """Takes a unit of a text."""
        if unit.update == "revoke":
            taken_back = self.parts.pop(unit.id, None)
            if taken_back is not None:
                self.characters -= len(taken_back)
                self.revoked += 1
                self.state = "corrected"
            return
        body = unicode_only(unit.body) if isinstance(unit.body, str) else shown(unit.body)
        is_new = unit.update == "add" or (body and unit.id not in self.parts)
        if is_new and self._has_room:
            body = body[: _CHARACTERS - self.characters]
            self.parts[unit.id or f"#{self.units}"] = body
            self.characters += len(body)
        elif is_new:
            self.is_cut = True
        if unit.update == "commit":
            self.state = "settled"

    @property
    def _has_room(self) -> bool:
        return len(self.parts) < PARTS_MAX and self.characters < _CHARACTERS

    def add_sound(self, unit: Unit, seconds: float, level: float) -> None:
        """Takes a block of sound that was measured (see `measure`)."""
        if unit.update == "commit":
            self.state = "settled"
        self.seconds += seconds
        self.level = max(self.level, level)

    def add_value(self, unit: Unit) -> None:
        """Takes a value, which stands for itself."""
        self.value = shown(unit.body)
        self.parts = {unit.id: ""}
        if unit.update == "commit":
            self.state = "settled"

    def take_back(self, id_: str) -> bool:
        """Notes that a unit was revoked after the row was settled: what it says stays to be read.
        Returns whether the unit is one of this row, and was not taken back before."""
        if id_ not in self.parts:
            return False
        self.value = self.text
        del self.parts[id_]
        self.revoked += 1
        self.state = "revoked"
        return True


def measure(body: Any) -> tuple[float, float]:
    """Returns the seconds and the largest amplitude (0 to 1) of a block: base64, 16 bit, 16 kHz,
    little-endian. 0 and 0 for what is none."""
    if not isinstance(body, str):
        return 0.0, 0.0
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return 0.0, 0.0
    samples = array("h")
    samples.frombytes(data[: len(data) // SAMPLE_BYTES * SAMPLE_BYTES])
    if not samples:
        return 0.0, 0.0
    loudest = max(abs(max(samples)), abs(min(samples)))
    return len(samples) / SAMPLES_PER_SECOND, loudest / _LOUDEST


def shown(body: Any) -> str:
    """Returns a value as it is read: `joy`, `expression joy, action nod`, `p_now 0.31`."""
    if isinstance(body, dict) and all(
        isinstance(each, str | int | float) for each in body.values()
    ):
        text = ", ".join(f"{name} {_number(each)}" for name, each in body.items())
    elif isinstance(body, str):
        text = body
    elif body is None:
        return ""
    else:
        text = json.dumps(body, ensure_ascii=False)
    text = unicode_only(text)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _number(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
