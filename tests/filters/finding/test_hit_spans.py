"""Where words and expressions stand in a text."""

import pytest

from mdxdash.filters.filter import parse
from mdxdash.filters.finding.hit_spans import span_finder
from mdxdash.filters.regex import PatternBudget


@pytest.mark.parametrize(
    ("find", "text", "found"),
    [
        ("hello", "Hello, hello", ["Hello", "hello"]),
        ("こん", "こんにちはこん", ["こん", "こん"]),
        ("abc", "ＡＢＣ ａｂｃ", ["ＡＢＣ", "ａｂｃ"]),
        ("ガ", "ｶﾞｶﾞ", ["ｶﾞ", "ｶﾞ"]),
        ("カ", "ｶﾞ", []),
        ("キ", "1㌔", ["㌔"]),
        ("/b+/", "abbab", ["bb", "b"]),
        ("/x*/", "axa", ["x"]),
        ("/B/i", "ab", ["b"]),
        ("ab bc", "abcd", ["abc"]),
        ("a OR (b -c)", "abc", ["a", "b"]),
        ("-a", "abc", []),
        ("type:a", "abc", []),
        ("", "abc", []),
    ],
)
def test_the_parts_that_were_found(find: str, text: str, found: list[str]):
    spans = span_finder(parse(find), None)(text)
    assert [text[start:end] for start, end in spans] == found


def test_a_pattern_over_its_budget_is_found_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PatternBudget, "spend", lambda budget, seconds: False)
    spans = span_finder(parse("/a/"))
    assert spans("a") == [(0, 1)]
    assert spans("a") == []
