"""Values with wildcards: what they match, and how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.filters.values import Fragment, Value, Wildcard, glob, quoted
from tests.support.filtering import passes, received

ANY, ONE = Wildcard.ANY, Wildcard.ONE


@pytest.mark.parametrize(
    ("parts", "matching", "other"),
    [
        ((), [""], ["a"]),
        (("Ab",), ["ab"], ["abc", "a"]),
        ((ANY,), ["", "ab"], []),
        (("a", ANY), ["a", "ab"], ["ba", ""]),
        ((ANY, "b"), ["b", "ab"], ["ba", ""]),
        ((ANY, "b", ANY), ["b", "abc"], ["ac", ""]),
        ((ONE,), ["a", "\n", "あ"], ["", "ab"]),
        (("a", ONE, "c"), ["abc", "a\nc"], ["ac", "abbc"]),
        (("a", ANY, "c"), ["ac", "abc", "acc"], ["a", "acb", "bac"]),
        (("a", ANY, "b", ANY, "c"), ["abc", "axbxc", "abbcc"], ["acb", "abcx"]),
        (("a", ANY, "a"), ["aa", "aba"], ["a"]),
        ((ANY, "a", ONE), ["ab", "xab", "aab"], ["a", "abc"]),
        (("a.c",), ["a.c"], ["abc"]),
        (("a.", ANY, "(c"), ["a.(c", "a.b(c"], ["ab(c"]),
        ((ANY, ANY), ["", "ab"], []),
    ],
)
def test_parts_match_whole_texts(
    parts: tuple[Fragment, ...], matching: list[str], other: list[str]
) -> None:
    matches = glob(parts)
    assert [text for text in matching + other if matches(text)] == matching


def test_a_pattern_with_many_wildcards_is_linear() -> None:
    matches = glob(("a", ANY) * 30 + ("b",))
    assert not matches("a" * 3000)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((), '""'),
        (("a",), "a"),
        (("a b",), '"a b"'),
        (("a\u3000b",), '"a\u3000b"'),
        (("a,b",), '"a,b"'),
        (("a(",), '"a("'),
        (('a"',), '"a\\""'),
        (("a*",), '"a\\*"'),
        (("a?",), '"a\\?"'),
        (("a\\",), "a\\"),
        (("a \\",), '"a \\\\"'),
        (("a", ANY), "a*"),
        (("a ", ONE), '"a ?"'),
    ],
)
def test_parts_are_quoted_where_they_need_it(parts: tuple[Fragment, ...], text: str) -> None:
    assert quoted(parts) == str(Value(parts)) == text


def test_a_comma_needs_no_quotes_in_a_word() -> None:
    assert quoted(("a,b",), specials="") == "a,b"


def test_the_text_of_a_value_has_its_wildcards() -> None:
    assert Value(("a", ANY, "b", ONE)).text == "a*b?"
    assert Value(("a", ANY)).plain is None
    assert Value(("Straße",)).plain == "strasse"


@given(st.text(st.sampled_from("ab*?"), max_size=8), st.text(st.sampled_from("abAB"), max_size=10))
def test_glob_is_what_a_plain_matcher_finds(pattern: str, text: str) -> None:
    def plain(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return plain(pattern[1:], text) or (bool(text) and plain(pattern, text[1:]))
        return bool(text) and pattern[0] in ("?", text[0]) and plain(pattern[1:], text[1:])

    assert passes(f'args:"{pattern}"', received(f"A|{text}")) is plain(pattern, text.lower())
