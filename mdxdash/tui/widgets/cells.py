"""Texts in columns of the terminal: a wide character takes two cells."""

from rich.cells import cell_len, set_cell_size


def pad(text: str, width: int) -> str:
    """The text in exactly `width` cells, cut with `…` when it is wider."""
    return set_cell_size(cut(text, width), width)


def cut(text: str, width: int) -> str:
    """The text in `width` cells at most, cut with `…` when it is wider."""
    return set_cell_size(text, width - 1) + "…" if cell_len(text) > width else text
