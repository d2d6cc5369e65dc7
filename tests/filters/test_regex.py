"""Which expressions are refused because they could hang the program, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, FilterError, parse

CONTEXT = Context(now=lambda: 0.0, marked=())


@pytest.mark.parametrize(
    ("pattern", "position"),
    [
        ("(a+)+b", 1),
        ("x(a*)*b", 2),
        ("(?:a|b)*c", 1),
        ("(?:a|aa)+$", 1),
        ("((a?)){30}", 1),
        ("(a{2,})+", 1),
        ("(a{1,9}){1,20}", 1),
        (".*.*x", 3),
        (r"(a)\1*\1*", 7),
        ("(.*)(.*)x", 6),
        (r"a\w+\d*b", 5),
        (r".*a?[^|]*b", 5),
        ("a.*b.*c.*d.*e", 1),
        ("(?:a.*b){2}(?:c.*d){2}", 1),
        ("(a+b){2}", 1),
        ("((x)|y|z)*+", 1),
        ("(?x)a b", 1),
    ],
)
def test_expression_that_could_take_for_ever_is_refused(pattern: str, position: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse(f"/{pattern}/")
    assert caught.value.position == position


@pytest.mark.parametrize(
    "pattern",
    [
        "a.*b.*c.*d",
        r"\d+ *\|",
        r"[^|]*\|[^|]*\|x",
        "(foo|bar)",
        "(foo|bar)?x",
        "(ab)*",
        r"(\w++ )+",
        "(?>a|b)*c",
        "[(a+)]+",
        "[]a+]*",
        r"\(a+\)+",
        r"[\]+]*x",
        "a{2,3}b{4}",
        "(a|b){2}",
        "(?i:mei).*",
        r"(?P<n>\d)+(?P=n)",
        "(?=.*a)(?=.*b)",
        "(?#a+b+c+d+)x",
        "[[a]",
        "",
    ],
)
def test_harmless_expression_is_taken(pattern: str) -> None:
    holds = parse(f"/x?{pattern}/").compile(CONTEXT)
    assert holds(Event(1, 0.0, "received", type="A", args="ab" * 20)) in (True, False)


def test_expression_sees_no_more_of_a_text_than_a_message_can_have() -> None:
    holds = parse("/x/").compile(CONTEXT)
    texts = ["a" * 2047 + "x", "a" * 2048 + "x"]
    assert [holds(Event(1, 0.0, "log", text=text)) for text in texts] == [True, False]


def test_warnings_of_the_expression_compiler_stay_off_the_screen(
    recwarn: pytest.WarningsRecorder,
) -> None:
    parse("/[[b-c]--/").compile(CONTEXT)
    assert not recwarn.list


CHARACTERS = [*"ab.|()*+?^$[]-{", r"\w", r"\1", r"\b", "[ab]", "[^a]", "[]a]", r"\x41", r"\\"]
GROUPS = ["(", ")", "(?:", "(?>", "(?=", "(?<!", "(?P<n>", "(?P=n)", "(?#", "(?i:", "(?x:"]
PIECES = st.sampled_from([*CHARACTERS, *GROUPS, "{2}", "{,3}", "{2,}", "{1,30}", "{,}"])


@given(st.lists(PIECES).map("".join))
def test_any_expression_is_taken_or_refused(pattern: str) -> None:
    try:
        holds = parse(f"/x{pattern}/").compile(CONTEXT)
    except FilterError:
        return
    assert holds(Event(1, 0.0, "received", type="xa", args="ab" * 8)) in (True, False)
