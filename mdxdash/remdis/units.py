"""The units that the modules of Remdis exchange, as they are on the wire, and what is wrong with
one. Pure.

A unit is a JSON object: `timestamp`, `id`, `producer`, `update_type` (`add`, `revoke`, `commit`),
`body`, and for what an agent takes also `data_type`. A revoke bears the id of what it revokes.
"""

import json
import math
from typing import Any, Final

import msgspec

from mdxdash.language.translation import N_

AGENT_EXCHANGES: Final = ("dialogue2", "tts")
"""Those that an agent consumes: their units have a `data_type`."""

UPDATES: Final = ("add", "revoke", "commit")

_NEEDED: Final = ("timestamp", "id", "producer", "update_type", "data_type", "body")
"""What the agent's Plugin_RabbitMQ reads without looking whether it is there."""

_LONGEST: Final = 2**20
"""Bytes of a unit that is read; a block of sound has 2 KB."""

_LONGEST_NAME: Final = 200
"""Characters of an id and of a producer's name; an id of Remdis has 36."""


class Unit(msgspec.Struct, frozen=True):
    """One unit."""

    exchange: str
    id: str
    producer: str
    update: str
    """`add`, `revoke` or `commit`."""
    body: Any
    data_type: str
    timestamp: float
    """By the clock of its producer: Unix time, seconds; 0 if there is none."""


class Unreadable(ValueError):
    """What came is no unit; the text says why."""


def read_unit(exchange: str, data: bytes) -> Unit:
    """Returns the unit of a message. Raises `Unreadable`."""
    found = _object(data)
    update = found.get("update_type")
    if update not in UPDATES:
        raise Unreadable(N_("update_type is none of {choices}").format(choices=", ".join(UPDATES)))
    return Unit(
        exchange=exchange,
        id=_name(found.get("id")),
        producer=_name(found.get("producer")),
        update=update,
        body=found.get("body"),
        data_type=_name(found.get("data_type")),
        timestamp=_time(found.get("timestamp")),
    )


def hazard(data: bytes) -> str:
    """Returns why a message would end an agent that consumes it (its Plugin_RabbitMQ aborts the
    process), or nothing."""
    try:
        found = _object(data)
    except Unreadable as error:
        return str(error)
    if "body" in found and found["body"] is None:
        return N_("body is null")
    missing = [name for name in _NEEDED if name not in found]
    return N_("without {missing}").format(missing=", ".join(missing)) if missing else ""


def unicode_only(text: str) -> str:
    """Returns a text of JSON without halves of characters (`\\ud800`), which no UTF-8 has."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _name(value: Any) -> str:
    return unicode_only(str(value)[:_LONGEST_NAME]) if isinstance(value, str | int) else ""


def _time(value: Any) -> float:
    try:
        time = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return time if math.isfinite(time) else 0.0


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > _LONGEST:
        raise Unreadable(N_("longer than {limit:,} bytes").format(limit=_LONGEST))
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable(N_("not JSON")) from None
    if not isinstance(found, dict):
        raise Unreadable(N_("not a JSON object"))
    return found
