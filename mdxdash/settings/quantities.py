"""Durations and sizes as a person writes them: `"500ms"`, `"1.5m"`, `"64 KiB"`, `"2 GB"`."""

import re
from typing import Final

from mdxdash.language.translation import N_

_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

DURATION_PATTERN: Final = r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(ms|s|m|h)"
"""A duration, as `parse_duration` reads it."""

SIZE_PATTERN: Final = r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?(?:([kKMGT]i|[kKMGT]?)B)?"
"""A size, as `parse_size` reads it."""

_DURATION: Final = re.compile(DURATION_PATTERN)
_SIZE: Final = re.compile(SIZE_PATTERN)


def parse_duration(text: str) -> float:
    """Returns seconds. Raises `ValueError` for anything but a number with `ms`, `s`, `m` or `h`."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(
            N_('expected a duration such as "2s" or "500ms", got "{text}"').format(text=text)
        )
    number, unit = float(found[1]), found[2]
    # Dividing is exact where multiplying by 0.001 is not: 20 ms is 0.02.
    return number / 1000 if unit == "ms" else number * _SECONDS[unit]


def format_duration(seconds: float) -> str:
    """Returns the shortest text that `parse_duration` reads as the same duration, to a
    microsecond."""
    whole = round(seconds, 6)
    if whole < 1:
        return f"{_number(whole * 1000)}ms"
    unit = next(unit for unit in ("h", "m", "s") if unit == "s" or whole % _SECONDS[unit] == 0)
    return f"{_number(whole / _SECONDS[unit])}{unit}"


def parse_size(text: str) -> int:
    """Returns bytes, from `"2 GiB"`, `"500 MB"` or `"1000"`. Raises `ValueError` for anything
    else."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ValueError(N_('expected a size such as "2 GiB", got "{text}"').format(text=text))
    prefix = found[2] or ""
    power = " KMGT".index((prefix[:1] or " ").upper())
    return int(float(found[1]) * (1024 if prefix.endswith("i") else 1000) ** power)


def format_bytes(size: int) -> str:
    """Returns the shortest text that `parse_size` reads as the same number of bytes."""
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size and size % factor == 0:
            return f"{size // factor} {unit}"
    return f"{size} B"


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
