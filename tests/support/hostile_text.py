"""Text as nobody honest sends it, and what must be left of it wherever it is shown."""

import unicodedata

from hypothesis import strategies as st

HOSTILE = (
    "=cmd()|[bold]x[/bold]|[/b]|[red]|\x1b[31mred\x1b]0;title\x07|\x9b2J|\u202eabc\u2066|"
    "<script>&amp;|\x00\r\n|\u200bend"
)

HARMLESS = (
    "=cmd()|[bold]x[/bold]|[/b]|[red]|␛[31mred␛]0;title␇|<U+009B>2J|<U+202E>abc<U+2066>|"
    "<script>&amp;|␀␍␊|<U+200B>end"
)


HOSTILE_CHARACTERS = st.one_of(
    st.characters(categories=("Cc", "Cf", "Zl", "Zp")),
    st.sampled_from("\x1b\x9b\x9d\x07\x7f\u202e\u2066]052;c\\[<&\"'|こ\n"),
    st.characters(codec="utf-8"),
)
"""Characters of a text, with many of those that a terminal or a text layout obeys."""


def active(text: str) -> set[str]:
    """The characters in a text, of several lines, that a terminal or a text layout obeys."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {character for character in text if unicodedata.category(character) in kinds} - {"\n"}
