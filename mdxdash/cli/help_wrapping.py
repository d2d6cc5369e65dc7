"""Breaks the help of commands into lines where Japanese may be broken. click breaks at spaces and
counts characters; Japanese has no spaces, and its characters take two cells.
"""


def wrap_text(
    text: str,
    width: int = 78,
    initial_indent: str = "",
    subsequent_indent: str = "",
    preserve_paragraphs: bool = False,
) -> str:
    """Does what `click.formatting.wrap_text` does, with `width` in terminal cells. Paragraphs are
    kept in any case."""
    from mdxdash.tui.widgets.line_breaking import (  # noqa: PLC0415  only for help in Japanese
        break_lines,
    )

    paragraphs = []
    for paragraph in text.split("\n\n"):
        lines: list[str] = []
        for line in paragraph.splitlines():
            indent = subsequent_indent if lines else initial_indent
            lines += break_lines(line.strip(), width - len(indent))
        first = f"{initial_indent}{lines[0]}" if lines else ""
        paragraphs.append("\n".join([first, *(f"{subsequent_indent}{line}" for line in lines[1:])]))
    return "\n\n".join(paragraphs)
