"""Lines of Japanese and other text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mdxdash.tui.widgets.line_breaking import break_lines


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("こんにちは", 10, ["こんにちは"]),
        ("こんにちは。またね", 10, ["こんにち", "は。またね"]),
        ("彼は「はい」と言う", 6, ["彼は", "「は", "い」と", "言う"]),
        ("ちょっとまって", 4, ["ちょ", "っと", "まっ", "て"]),
        ("コーヒー", 4, ["コー", "ヒー"]),
        ("one two three", 8, ["one two", "three"]),
        ("図書館はHelloです", 10, ["図書館は", "Helloです"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_lines(text: str, width: int, lines: list[str]) -> None:
    assert break_lines(text, width) == lines


@given(st.text(st.sampled_from("あ。「」っー a漢b,"), max_size=40), st.integers(2, 12))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = break_lines(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
