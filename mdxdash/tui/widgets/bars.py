"""Bars drawn with block characters: a horizontal bar, and a sparkline."""

_FULL = "█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_HEIGHTS = " ▁▂▃▄▅▆▇█"


def sparkline(values: list[int]) -> str:
    """Values as a row of bars, the largest the full height."""
    top = max(values, default=0)
    if not top:
        return _HEIGHTS[1] * len(values)
    return "".join(_HEIGHTS[max(1, round(value / top * 8))] for value in values)


def bar(part: float, width: int) -> str:
    """A bar as long as `part` (0 to 1) of `width` cells, to an eighth of a cell."""
    whole, eighths = divmod(round(max(0.0, min(1.0, part)) * max(0, width) * 8), 8)
    return _FULL * whole + (_EIGHTHS[eighths] if eighths else "")


def progress_bar(done: float, whole: float, cells: int) -> str:
    """Returns how much of a whole is done as a bar of `cells` cells, whatever the numbers are."""
    share = min(1.0, max(0.0, done / whole)) if whole > 0 else 0.0
    filled = int(cells * share)
    return "━" * filled + "─" * (cells - filled)
