"""Changing a value: all other bytes stay."""

import pytest
import tomlkit

from mdxdash.settings.toml_edit import edit_toml, line_end

TEXT = '# top\n[ a ]\nb=1 # one\n\nc = """\nx\n"""\n'


def set_b(document: tomlkit.TOMLDocument) -> None:
    document["a"]["b"] = 2  # type: ignore[index]


def add_d(document: tomlkit.TOMLDocument) -> None:
    document["a"]["d"] = 3  # type: ignore[index]


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, TEXT[:-1]])
def test_only_the_value_changes(text: str) -> None:
    assert edit_toml(text, set_b) == text.replace("b=1", "b=2")


def test_what_is_new_has_the_line_ends_of_the_text() -> None:
    assert edit_toml("[a]\r\nb = 1\r\n", add_d) == "[a]\r\nb = 1\r\nd = 3\r\n"


def test_a_text_without_a_last_line_end_stays_so() -> None:
    assert edit_toml("[a]\nb = 1", add_d) == "[a]\nb = 1\nd = 3"


def test_what_tomlkit_cannot_do_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="line 1"):
        edit_toml("a = = 1\n", set_b)


@pytest.mark.parametrize(("text", "end"), [("", "\n"), ("a", "\n"), ("a\r\nb\n", "\r\n")])
def test_the_first_line_tells_the_line_end(text: str, end: str) -> None:
    assert line_end(text) == end
