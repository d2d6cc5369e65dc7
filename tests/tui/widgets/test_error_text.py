"""Errors as users see them."""

from mdxdash.language import translation
from mdxdash.tui.widgets.error_text import error_text


def test_an_error_is_inert_and_without_its_number() -> None:
    assert error_text(ValueError("a\x1bb")) == "a␛b"
    assert error_text(FileNotFoundError(2, "No such file", "x\u202e")) == "x<U+202E>: No such file"


def test_an_error_is_in_the_language_in_use() -> None:
    translation.use("ja")
    assert error_text(ValueError("it is no text")) == "テキストではありません"
