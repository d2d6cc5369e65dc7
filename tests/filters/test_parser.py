"""What text is a filter, and what is wrong with other text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.filters.filter import FilterError, parse
from mdxdash.filters.parser import DEEPEST
from mdxdash.filters.tree import terms
from tests.support.filtering import CONTEXT, received

ERRORS = [
    ("tpye:A", 0, "expected type:"),
    ("a foo:b", 2, "expected one of type:, args:,"),
    ("type:", 5, "expected a value right after type:"),
    ("type: A", 5, "expected a value right after type:"),
    ("type:A,", 7, "after the comma"),
    ('a "b c', 6, "expected a closing quote"),
    ('type:"b c', 9, "expected a closing quote"),
    ('""', 0, "the quotes are empty"),
    ("(a", 2, 'expected ")"'),
    ("a)", 1, "closes nothing"),
    ("x (a", 4, '"(" at 3 is not closed'),
    ("x /a", 4, '"/" at 3 opens has no end'),
    ('x "a', 4, "the quote at 3 is open"),
    ("()", 1, "nothing stands here"),
    ("f(x)", 1, "expected a space before it"),
    ("-", 1, 'nothing stands after "-"'),
    ("- a", 1, 'nothing stands after "-"'),
    ("a OR", 4, 'nothing stands after "OR"'),
    ("OR a", 0, 'nothing stands before "OR"'),
    ("/abc", 4, 'expected a closing "/"'),
    ("//", 1, "nothing stands between"),
    ("/a/b/", 3, r"a slash inside is written \/"),
    ("x /a(b/", 6, "missing )"),
    ("/a/ /[b/", 7, "unterminated character set"),
    ("is:old", 3, "expected echo, acked, lost, cut or marked"),
    ("dir:up", 4, "expected in or out"),
    ("kind:log,lag", 9, "expected received, sent, log,"),
    ("level:bad", 6, "expected error, warning, status or debug"),
    ("after:25:00", 6, "expected 12:30, 12:31:10 or 2026-11-22T12:30"),
    ("after:24:00", 6, '"24:00" is not a time'),
    ("after:12:60", 6, '"12:60" is not a time'),
    ("after:23:59:60", 6, '"23:59:60" is not a time'),
    ("after:2026-02-30", 6, '"2026-02-30" is not a time'),
    ("before:noon", 7, '"noon" is not a time'),
    ("after:12:30,12:40", 12, "takes one"),
    ("last:30", 5, "as in last:30s"),
    ("last:1s,2s", 8, "takes one"),
    ("last:1d", 5, "not a span of time"),
    ("(" * 60 + "a" + ")" * 60, 40, "fewer parentheses"),
]


@pytest.mark.parametrize(("text", "position", "message"), ERRORS)
def test_an_error_names_its_position_and_what_was_expected(
    text: str, position: int, message: str
) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert (caught.value.position, message in str(caught.value)) == (position, True)


def test_as_many_parentheses_as_are_allowed_are_read() -> None:
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST) == parse("a")
    assert parse("(a) " * (DEEPEST + 1)) == parse("a " * (DEEPEST + 1))


PIECES = st.sampled_from(
    [
        *'()"/-,:*?\\| |+',
        "OR",
        "type:",
        "args:",
        "is:",
        "last:",
        "after:",
        "12:30",
        "level:",
        "echo",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)))
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as error:
        assert 0 <= error.position <= len(text)
    else:
        assert parse(str(found)) == found
        found.compile(CONTEXT)(received("RECOG_EVENT_STOP|Hello World"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ｔｙｐｅ：ＲＥＣＯＧ＿＊，ＳＹＮＴＨ＿＊", "type:RECOG_*,SYNTH_*"),
        ("ｈｅｌｌｏ　－（ａ　ＯＲ　ｂ）", "hello -(a OR b)"),
        ("last:３０s", "last:30s"),
        ("after:１２：３０", "after:12:30"),
        ("／ａ．＊ｂ／ｉ", "/a.*b/i"),
        ("/a/ｉ　ｂ", "/a/i b"),
        ("＂two words＂", '"two words"'),
        ('＂two words"', '"two words"'),
        ("ａｒｇｓ：あ？い", "args:あ?い"),
        ("日本語　です", "日本語 です"),
    ],
)
def test_what_an_input_method_typed_is_understood(typed: str, meant: str) -> None:
    assert parse(typed) == parse(meant)


@pytest.mark.parametrize("text", ['"ＡＢ　Ｃ"', "/ＡＢ！/", '"ａ＂ｂ"', 'type:"Ａ，Ｂ"'])
def test_quoted_text_and_expressions_stay_as_they_are_typed(text: str) -> None:
    node = parse(text).node
    assert node is not None
    value = next(iter(terms(node))).values[0]
    assert value.text in text
    assert parse(str(parse(text))) == parse(text)


def _in_full_width(text: str, which: list[bool]) -> str:
    """Writes some characters outside quotes in full width. The text holds no expression."""
    quoted = False
    written = ""
    for character, full in zip(text, which, strict=False):
        quoted ^= character == '"'
        inside = quoted or character == '"'
        code = 0x3000 if character == " " else ord(character) + 0xFEE0
        written += chr(code) if full and not inside and " " <= character <= "~" else character
    return written + text[len(written) :]


@given(
    st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join),
    st.lists(st.booleans(), max_size=80),
)
def test_outside_quotes_width_does_not_count(text: str, which: list[bool]) -> None:
    text = text.replace("/", "")
    try:
        expected = parse(text)
    except FilterError as error:
        with pytest.raises(FilterError) as caught:
            parse(_in_full_width(text, which))
        assert caught.value.position == error.position
    else:
        assert parse(_in_full_width(text, which)) == expected
