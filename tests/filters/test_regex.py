"""Regular expressions: what they match, and how their time is bounded."""

import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, FilterError, parse
from mdxdash.filters.regex import (
    EVENT_SECONDS,
    FREE_SECONDS,
    MAX_EXPANSION,
    SHARE,
    BoundedPattern,
    PatternBudget,
    PatternStopped,
    expanded_size,
)

CONTEXT = Context(now=lambda: 0.0, marked=(), budget=None)


def received(args: str) -> Event:
    return Event(1, 0.0, "received", type="A", args=args)


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("(?:(?:(?:a{100}){100}){100}){100}", "over"),
        ("(?:a{101}){100}", "over"),
        ("a{10001}", "over"),
        ("a{1,10001}", "over"),
        ("a{,10001}", "over"),
        ("a{10001,}", "over"),
        ("(?>[xyz]{200}){51}", "over"),
        ("(a|b{150}){100}", "over"),
        ("a{9000}b{1001}", "over"),
        ("a{10000}", "within"),
        (r"\{10001}", "within"),
        ("[{10001}]", "within"),
        ("[]{10001}]", "within"),
        ("[^]{10001}]", "within"),
        (r"[\]{10001}]", "within"),
        (r"\p{L}{99}", "within"),
        ("(foo|bar)+", "within"),
        ("{5}", "none"),
    ],
)
def test_counts_that_multiply_to_too_much_are_refused_before_compiling(
    pattern: str, size: str
) -> None:
    if size == "within":
        parse(f"/{pattern}/")
        return
    with pytest.raises(FilterError) as caught:
        parse(f"/{pattern}/")
    assert (f"{MAX_EXPANSION:,}" in str(caught.value)) == (size == "over")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a.*b.*c.*d", "abc" * 600),
        ("(?:a|a)" * 25 + "$", "a" * 60 + "b"),
        ("(?:a{1,9})" * 10 + "$", "a" * 2000 + "b"),
    ],
)
def test_a_pattern_that_takes_too_long_on_an_event_stops(pattern: str, text: str) -> None:
    holds = parse(f"/{pattern}/").compile(CONTEXT)
    for _ in range(2):
        with pytest.raises(PatternStopped, match=f"over {EVENT_SECONDS * 1000:.0f} ms"):
            holds(received(text))
    with pytest.raises(PatternStopped):
        holds(received(""))


def test_a_stopped_pattern_is_reported_once_and_passes_nothing_more() -> None:
    reasons: list[str] = []
    holds = parse("-/a.*b.*c.*d/").compile(CONTEXT, reasons.append)
    assert [holds(received(text)) for text in ("x", "abc" * 600, "x")] == [True, False, False]
    assert reasons == ["/a.*b.*c.*d/ took over 5 ms on one event"]


@pytest.mark.parametrize(
    ("searches", "stands"),
    [
        ([SHARE / 2, SHARE / 2], True),
        ([SHARE / 2, SHARE / 2, 0.001], False),
        ([SHARE, None, SHARE / 2], False),
        ([SHARE, None, None, SHARE / 2.1], True),
        ([None] * 100 + [SHARE * 1.01], False),
    ],
)
def test_the_budget_is_a_share_of_the_last_second(
    searches: list[float | None], stands: bool
) -> None:
    """None is a quarter of a second in which nothing is searched."""
    clock = [0.0]
    budget = PatternBudget(lambda: clock[0])
    answers = []
    for seconds in searches:
        if seconds is None:
            clock[0] += 0.25
        else:
            answers.append(budget.spend(seconds))
    assert all(answers) == stands


class Spent(PatternBudget):
    """A budget of which nothing is left."""

    def spend(self, seconds: float) -> bool:
        return False


def test_a_pattern_that_takes_too_much_of_the_time_stops() -> None:
    found = BoundedPattern("x+y|a{50}b", any_case=False, position=0).matcher(Spent())
    with pytest.raises(PatternStopped, match="20% of a second"):
        found("x" * 2000)  # some 2 ms: more than is free, less than one search may take
    with pytest.raises(PatternStopped):
        found("xy")


def test_a_quick_search_costs_nothing_of_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(0.0, FREE_SECONDS / 2)
    monkeypatch.setattr("mdxdash.filters.regex.perf_counter", lambda: next(clock))
    found = BoundedPattern("b", any_case=False, position=0).matcher(Spent())
    assert [found("ab"), found("a")] == [True, False]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(foo|bar)+", "foobar"),
        (r"^A\|\w+$", "こんにちは"),
        (r"\d+ *\|", "12 |"),
        ("(?i:MEI)", "mei"),
        ("[[a]", "["),
    ],
)
def test_an_expression_is_found(pattern: str, text: str) -> None:
    assert parse(f"/{pattern}/").compile(CONTEXT)(received(text))


@pytest.mark.parametrize("pattern", ["(", "a**", r"\L<name>", "(?P<n>a)(?P<n", "[b-a]", r"\1"])
def test_what_is_no_expression_is_refused(pattern: str) -> None:
    with pytest.raises(FilterError, match="is none"):
        parse(f"/{pattern}/")


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


@given(st.lists(PIECES).map("".join), st.integers(0, 1000))
def test_any_expression_is_taken_or_refused_or_stopped(pattern: str, repeats: int) -> None:
    try:
        holds = parse(f"/x{pattern}/").compile(CONTEXT)
    except FilterError:
        return
    with suppress(PatternStopped):
        assert holds(Event(1, 0.0, "received", type="xa", args="ab" * repeats)) in (True, False)


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("", 0),
        ("abc", 3),
        ("a{3}b", 4),
        ("a{1,9}b", 10),
        ("a{,9}", 9),
        ("a{9,}", 9),
        ("a{0}", 1),
        ("a{10}{10}", 100),
        ("(ab){3}", 6),
        ("((a{2}b){3}c){4}", 40),
        ("(a)(b){5}", 6),
        ("(a|b)*", 2),
        ("^a+b?c*|d$", 4),
        (r"\d{4}", 4),
        (r"\{5}", 3),
        (r"\p{L}{5}", 5),
        (r"\N{DIGIT ONE}{2}x", 3),
        ("[ab]{5}c", 6),
        ("[]a]{2}", 2),
        ("[^]a]{2}", 2),
        (r"[\]a]{2}", 2),
        ("[a", 1),
        ("[", 1),
        ("[^", 1),
        ("(((", 0),
        ("a)b){2}", 9),  # more than there are, never fewer
        ("{5}", 0),
        ("a{x}", 4),
    ],
)
def test_a_pattern_has_the_size_of_its_counts_written_out(pattern: str, size: int) -> None:
    assert expanded_size(pattern) == size


def test_an_error_names_the_pattern_its_position_and_what_was_expected() -> None:
    with pytest.raises(FilterError) as caught:
        BoundedPattern("x(", any_case=False, position=5)
    error = caught.value
    assert error.position == 7
    assert str(error) == "/x(/ is none (missing )): expected a regular expression"
    with pytest.raises(FilterError) as caught:
        BoundedPattern("a{10001}", any_case=False, position=5)
    error = caught.value
    assert error.position == 5
    assert str(error) == (
        "/a{10001}/ repeats a part of it 10,001 times: "
        "expected counts that multiply to 10,000 or less"
    )


@pytest.mark.parametrize(("any_case", "found"), [(False, False), (True, True)])
def test_case_counts_unless_any_is_asked_for(any_case: bool, found: bool) -> None:
    assert BoundedPattern("MEI", any_case=any_case, position=0).matcher(None)("mei") == found


def test_the_budget_counts_from_the_time_when_it_was_made() -> None:
    clock = [1000.0]
    budget = PatternBudget(lambda: clock[0])
    assert not budget.spend(SHARE * 1.01)
    clock[0] += 1.0
    assert not budget.spend(SHARE)  # the debt counts too
