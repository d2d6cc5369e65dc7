"""Tables in plain text, aligned by cells, and how sizes and durations are written in them."""

from collections.abc import Iterable, Sequence

from mdxdash.events.printable import cell_width, printable

_NUMERIC = frozenset(["", "-", *"0123456789"])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table as lines of text; columns with only numbers are aligned to the right.
    Text of others in it is made printable."""
    body = [tuple(map(printable, row)) for row in rows]
    columns = list(zip(heads, *body, strict=True))
    widths = [max(map(cell_width, column)) for column in columns]
    numeric = [all(cell[:1] in _NUMERIC for cell in column[1:]) for column in columns]
    return "\n".join(
        "  ".join(map(_pad, row, widths, numeric)).rstrip() for row in (tuple(heads), *body)
    )


def format_size(size: int) -> str:
    """Returns a number of bytes as `512 B`, `1.2 MiB`."""
    value, units = float(size), ["B", "KiB", "MiB", "GiB"]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        units.pop(0)
    return f"{value:.0f} B" if units[0] == "B" else f"{value:.1f} {units[0]}"


def format_clock(seconds: float) -> str:
    """Returns a duration in seconds as `00:12:31`."""
    whole = round(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _pad(cell: str, width: int, right: bool) -> str:
    space = " " * (width - cell_width(cell))
    return space + cell if right else cell + space
