"""Texts in columns of the terminal: a wide character takes two cells."""

from rich.cells import cell_len, set_cell_size


def pad(text: str, width: int) -> str:
    """The text in exactly `width` cells, cut with `…` when it is wider."""
    return set_cell_size(cut(text, width), width)


def cut(text: str, width: int) -> str:
    """The text in `width` cells at most, cut with `…` when it is wider."""
    return set_cell_size(text, width - 1) + "…" if cell_len(text) > width else text


def cut_middle(text: str, width: int) -> str:
    """The text in `width` cells at most, cut in its middle with `…` when it is wider: many names
    differ only at their ends (`signage-tokyo-12`)."""
    if cell_len(text) <= width:
        return text
    if width < 3:
        return cut(text, width)
    head = (width - 1) // 2
    return set_cell_size(text, head).rstrip() + "…" + _end(text, width - 1 - head)


def _end(text: str, width: int) -> str:
    """The end of a text, in `width` cells at most."""
    cells, start = 0, len(text)
    while start and cells + cell_len(text[start - 1]) <= width:
        start -= 1
        cells += cell_len(text[start])
    return text[start:]
