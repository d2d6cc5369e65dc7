"""Durations as a person writes them: `"500ms"`, `"2s"`, `"1.5m"`, `"1h"`."""

import re

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(ms|s|m|h)")


def parse_duration(text: str) -> float:
    """Seconds. Raises ValueError for anything but a number with one of `ms`, `s`, `m`, `h`."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f'expected a duration such as "2s" or "500ms", got "{text}"')
    number, unit = float(found[1]), found[2]
    # Dividing is exact where multiplying by 0.001 is not: 20 ms is 0.02.
    return number / 1000 if unit == "ms" else number * _SECONDS[unit]


def format_duration(seconds: float) -> str:
    """The shortest text that `parse_duration` reads as the same duration, to a microsecond."""
    whole = round(seconds, 6)
    if whole < 1:
        return f"{_number(whole * 1000)}ms"
    unit = next(unit for unit in ("h", "m", "s") if unit == "s" or whole % _SECONDS[unit] == 0)
    return f"{_number(whole / _SECONDS[unit])}{unit}"


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
