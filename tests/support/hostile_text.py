"""Text as nobody honest sends it, and what must be left of it wherever it is shown."""

import unicodedata

HOSTILE = (
    "=cmd()|[bold]x[/bold]|[/b]|[red]|\x1b[31mred\x1b]0;title\x07|\x9b2J|\u202eabc\u2066|"
    "<script>&amp;|\x00\r\n|\u200bend"
)

HARMLESS = (
    "=cmd()|[bold]x[/bold]|[/b]|[red]|␛[31mred␛]0;title␇|<U+009B>2J|<U+202E>abc<U+2066>|"
    "<script>&amp;|␀␍␊|<U+200B>end"
)


def active(text: str) -> set[str]:
    """The characters in a text, of several lines, that a terminal or a text layout obeys."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {character for character in text if unicodedata.category(character) in kinds} - {"\n"}
