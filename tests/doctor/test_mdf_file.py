"""Reading `.mdf` files as MMDAgent-EX does."""

import pytest

from mdxdash.doctor.mdf_file import (
    LINE_MAX_BYTES,
    BrokenVariable,
    MdfSettings,
    broken_lines,
    leading_number,
    parse_mdf,
    replace_variables,
    variable_names,
)


def pairs(content: bytes) -> list[tuple[str, str]]:
    return [(one.key, one.value) for one in parse_mdf(content, "content.mdf").settings]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a=1\nb=2", [("a", "1"), ("b", "2")]),
        (b"a=1=2\n", [("a", "1=2")]),
        (b"a=\n", [("a", "")]),
        (b"a = 1 \t\r\n", [("a ", " 1")]),
        (b"#a=1\n #b=2\n", [(" #b", "2")]),
        (b"a\n\n=x\n", [("", "x")]),
        (b"a=1 # x\n", [("a", "1 # x")]),
        (b"\xef\xbb\xbfa=1\n", [("\ufeffa", "1")]),
    ],
)
def test_a_setting_is_split_at_its_first_equals_sign(
    content: bytes, expected: list[tuple[str, str]]
) -> None:
    assert pairs(content) == expected


@pytest.mark.parametrize(
    ("content", "encoding", "value"),
    [
        ("a=日本".encode(), "utf-8", "日本"),
        ("a=日本".encode("cp932"), "cp932", "日本"),
        (b"a=\xe9\xff", "latin-1", "éÿ"),
    ],
)
def test_the_encoding_is_the_first_that_fits(content: bytes, encoding: str, value: str) -> None:
    file = parse_mdf(content, "content.mdf")
    assert (file.encoding, file.settings[0].value) == (encoding, value)


def test_a_setting_knows_its_line_and_the_bytes_of_its_value() -> None:
    content = "# 日本\r\na=日本 \r\nb=2\r\n".encode()
    first, second = parse_mdf(content, "content.mdf").settings
    assert (first.line, second.line) == (2, 3)
    assert content[first.start : first.end] == "日本".encode()
    assert content[second.start : second.end] == b"2"


def test_a_long_line_is_cut_and_its_rest_is_a_line() -> None:
    content = b"a=" + b"x" * (LINE_MAX_BYTES - 2) + b"b=2\nc=3\n"
    assert pairs(content) == [("a", "x" * (LINE_MAX_BYTES - 2)), ("b", "2"), ("c", "3")]
    settings = parse_mdf(content, "content.mdf").settings
    assert [one.line for one in settings] == [1, 1, 2]
    assert [content[one.start : one.end] for one in settings][1:] == [b"2", b"3"]


def test_the_last_setting_of_a_key_counts() -> None:
    file = parse_mdf(b"a=1\na=2\nA=3\n", "content.mdf")
    found = file.find("a")
    assert found is not None
    assert found.value == "2"
    assert file.find("b") is None


def test_the_content_overrules_the_program() -> None:
    files = (parse_mdf(b"a=1\nb=1\n", "MMDAgent-EX.mdf"), parse_mdf(b"a=2\n", "content.mdf"))
    mdf = MdfSettings(files, {})
    assert (mdf.value("a", ""), mdf.value("b", ""), mdf.value("c", "no")) == ("2", "1", "no")
    found = mdf.find("b")
    assert found is not None
    assert found[0].name == "MMDAgent-EX.mdf"


def test_a_value_that_cannot_be_replaced_stays() -> None:
    assert MdfSettings((parse_mdf(b"a=%ENV{\n", "x"),), {}).value("a", "") == "%ENV{"


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("%ENV{A}/%ENV{B}", "1/2"),
        ("%ENV{NONE}x", "x"),
        ("%ENV{C}", "1"),
        ("%ENV{%ENV{D}}", "}"),
        ("plain", "plain"),
    ],
)
def test_variables_are_replaced(text: str, replaced: str) -> None:
    environ = {"A": "1", "B": "2", "C": "%ENV{A}", "D": "A"}
    assert replace_variables(text, environ) == replaced


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x%ENV{A", "%ENV{ has no }"),
        ("%ENV{LOOP}", "%ENV{LOOP} contains itself, without end"),
        ("%ENV{LONG}", "%ENV{LONG} makes the line longer than 2,047"),
    ],
)
def test_a_variable_that_cannot_be_replaced_says_why(text: str, reason: str) -> None:
    with pytest.raises(BrokenVariable) as caught:
        replace_variables(text, {"LOOP": "%ENV{LOOP}", "LONG": "x" * 2048})
    assert str(caught.value) == reason


def test_a_line_of_2047_bytes_is_not_too_long() -> None:
    assert len(replace_variables("%ENV{X}", {"X": "x" * 2047})) == 2047


def test_a_hundred_variables_in_a_line_are_too_many() -> None:
    assert replace_variables("%ENV{A}" * 99, {"A": "1"}) == "1" * 99
    with pytest.raises(BrokenVariable):
        replace_variables("%ENV{A}" * 100, {"A": "1"})


def test_broken_lines_are_counted_but_not_comments() -> None:
    file = parse_mdf(b"# %ENV{\na=%ENV{\nb=1\n%ENV{x\n", "content.mdf")
    assert broken_lines(file, {}) == [(2, 8, "%ENV{ has no }"), (4, 20, "%ENV{ has no }")]


def test_the_names_of_variables() -> None:
    assert variable_names("%ENV{A} %ENV{B}x%ENV{C") == ["A", "B"]
    assert variable_names("A}") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("80", 80), (" \t+80x", 80), ("-1", -1), ("", 0), ("x80", 0), ("8 0", 8), ("0x10", 0)],
)
def test_numbers_are_read_as_atoi_does(text: str, number: int) -> None:
    assert leading_number(text) == number
