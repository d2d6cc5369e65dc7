"""What each term matches, how terms go together, and what a mistake is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.events.event import Event
from mdxdash.filters.filter import TERMS, Context, FilterError, help_table, parse

NOW = 1_000_000.0
CONTEXT = Context(now=lambda: NOW, marked={7}, offset=lambda time: 0.0)


def received(line: str = "", **fields: object) -> Event:
    type_, _, args = line.partition("|")
    values = {"seq": 1, "time": NOW, "kind": "received", "agent": "chat"} | fields
    return Event(type=type_, args=args, **values)  # type: ignore[arg-type]


def log(level: str, text: str = "", line: str = "") -> Event:
    return received(line, kind="log", level=level, text=text, module="VIManager")


def passes(text: str, event: Event) -> bool:
    return parse(text).compile(CONTEXT)(event)


RECOG = received("RECOG_EVENT_STOP|Hello World")
MODEL = received("MODEL_ADD|0|gene/Gene.pmd")
JAPANESE = received("SYNTH_START|0|mei|こんにちは 世界")
SENT = received("TEST_MESSAGE", kind="sent", round_trip=0.01)
ECHO = received("TEST_MESSAGE", echo=3, round_trip=0.01)
LOST = received("TEST_MESSAGE", kind="sent", lost=True)
WARNING = log("Warning", "cannot find Gene.pmd")
CAPTURED = log("Captured", line="TEST_MESSAGE")
GONE = received(kind="disconnected", text="127.0.0.1:5000")

MATCHES = [
    # words
    ("hello", RECOG, True),
    ("HELLO", RECOG, True),
    ("event_stop", RECOG, True),
    ("hello", MODEL, False),
    ('"hello world"', RECOG, True),
    ('"world hello"', RECOG, False),
    ("world hello", RECOG, True),
    ("find", WARNING, True),
    ("127.0", GONE, True),
    ("こんにちは", JAPANESE, True),
    ("さようなら", JAPANESE, False),
    ("こんにちは\u3000mei", JAPANESE, True),
    ("0|GENE", MODEL, True),
    ("model_add|0", MODEL, True),
    ("model|0", MODEL, False),
    ("STRASSE", received("A|Straße"), True),
    ("hel*", RECOG, False),
    ("a*b", received("A|a*b"), True),
    ('"OR"', received("A|for"), True),
    ('"-x"', received("A|b-x"), True),
    ('"\\"q\\""', received('A|say "q"'), True),
    ("2,3", received("A|1,2,3"), True),
    # type
    ("type:RECOG_*", RECOG, True),
    ("type:recog_*", RECOG, True),
    ("type:RECOG", RECOG, False),
    ("type:EVENT*", RECOG, False),
    ("type:*_STOP", RECOG, True),
    ("type:*EVENT*", RECOG, True),
    ("type:R*_E*_S*P", RECOG, True),
    ("type:RECOG_EVENT_STO?", RECOG, True),
    ("type:RECOG_EVENT_STOP?", RECOG, False),
    ("type:A,MODEL_ADD", MODEL, True),
    ("type:A,B", MODEL, False),
    ('type:""', GONE, True),
    ("TYPE:model_add", MODEL, True),
    ('type:"A*"', received("AB"), True),
    ('type:"A\\*"', received("AB"), False),
    ('type:"A\\*"', received("A*"), True),
    ("type:TEST_MESSAGE", CAPTURED, True),
    # other globs
    ("args:*gene*", MODEL, True),
    ("args:gene*", MODEL, False),
    ("args:0|*", MODEL, True),
    ("args:x,0|g*.PMD", MODEL, True),
    ('args:"hello w*"', RECOG, True),
    ('args:"hello, x","hello world"', RECOG, True),
    ("args:a\\b", received("A|a\\b"), True),
    ("agent:chat*", received("A", agent="chat#2"), True),
    ("agent:chat", received("A", agent="chat#2"), False),
    ("module:vimanager", WARNING, True),
    ("module:VI*", RECOG, False),
    # direction, kind, level
    ("dir:in", RECOG, True),
    ("dir:in", WARNING, True),
    ("dir:in", SENT, False),
    ("dir:in", GONE, False),
    ("dir:out", SENT, True),
    ("dir:in,out", SENT, True),
    ("kind:log", WARNING, True),
    ("kind:fault,disconnected", GONE, True),
    ("kind:fault", GONE, False),
    ("level:warning", log("Error"), True),
    ("level:warning", log("Warning"), True),
    ("level:warning", log("Status"), False),
    ("level:status", log("Sent"), True),
    ("level:status", log("Captured"), True),
    ("level:warning", log("Captured"), False),
    ("level:status", log("Debug"), False),
    ("level:debug", log("Debug"), True),
    ("level:Error", RECOG, False),
    # marks
    ("is:echo", ECHO, True),
    ("is:echo", SENT, False),
    ("is:acked", SENT, True),
    ("is:acked", ECHO, False),
    ("is:acked", LOST, False),
    ("is:lost", LOST, True),
    ("is:lost", SENT, False),
    ("is:cut", received("A", cut=True), True),
    ("is:cut", RECOG, False),
    ("is:marked", received("A", seq=7), True),
    ("is:marked", RECOG, False),
    ("is:lost,echo", ECHO, True),
    # expressions
    ("/REC.*STOP/", RECOG, True),
    ("/rec.*stop/", RECOG, False),
    ("/rec.*stop/i", RECOG, True),
    (r"/STOP\|Hello W/", RECOG, True),
    ("/^TEST_MESSAGE$/", SENT, True),
    (r"/gene\/G/", MODEL, True),
    ("/cannot (find|open)/", WARNING, True),
    ("/^TEST_/", CAPTURED, True),
    # together
    ("hello type:RECOG_*", RECOG, True),
    ("hello type:MODEL_*", RECOG, False),
    ("-hello", RECOG, False),
    ("-hello", MODEL, True),
    ("--hello", RECOG, True),
    ("-type:MODEL_*", RECOG, True),
    ("-/x/", RECOG, True),
    ('-"hello world"', RECOG, False),
    ("gene OR hello", RECOG, True),
    ("gene OR hello type:X", RECOG, False),
    ("(gene OR hello) type:RECOG_*", RECOG, True),
    ("-(gene OR hello)", RECOG, False),
    ("-(gene OR hello)", SENT, True),
    ("-(type:RECOG_* OR type:MODEL_*)", MODEL, False),
    ("(hello)(world)", RECOG, True),
    ("(hello)OR(gene)", MODEL, True),
    ("or", RECOG, True),
    ("a OR b OR c OR hello", RECOG, True),
    ("h e l o w", RECOG, True),
    ("h e l o w x", RECOG, False),
    ("via:server", RECOG, False),
    ("-via:server", RECOG, True),
    ("via:server", received("A|b", via="server"), True),
    ("", RECOG, True),
    ("  ", RECOG, True),
]


@pytest.mark.parametrize(("text", "event", "expected"), MATCHES)
def test_filter_matches(text: str, event: Event, expected: bool) -> None:
    assert passes(text, event) is expected


@pytest.mark.parametrize(("text", "event", "expected"), MATCHES)
def test_canonical_text_reads_back_as_the_same_filter(
    text: str, event: Event, expected: bool
) -> None:
    assert parse(str(parse(text))) == parse(text)


# 1970-01-12 13:46:40 UTC is NOW.
TIMES = [
    ("after:13:46", True),
    ("after:13:46:40", True),
    ("after:13:46:41", False),
    ("before:13:46:40", False),
    ("before:13:46:40.5", True),
    ("before:9:00", False),
    ("after:9:00", True),
    ("after:1970-01-12T13:46", True),
    ("after:1970-01-12", True),
    ("before:1970-01-12T13:46:40", False),
    ("before:1970-01-13", True),
    ('after:"1970-01-12 13:47"', False),
    ("after:1970-01-12T13:46:40Z", True),
    ("after:1970-01-12T14:46:40+01:00", True),
    ("after:1970-01-12T13:47:00+00:00", False),
    ("last:1s", True),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_time_matches(text: str, expected: bool) -> None:
    assert passes(text, RECOG) is expected


@pytest.mark.parametrize(
    ("text", "seconds"), [("last:30s", 30), ("last:5m", 300), ("last:1h", 3600), ("last:1.5s", 1.5)]
)
def test_last_reaches_back_as_far_as_it_says(text: str, seconds: float) -> None:
    ages = [seconds - 0.25, seconds + 0.25]
    assert [passes(text, received("A", time=NOW - age)) for age in ages] == [True, False]


def test_last_moves_with_the_clock() -> None:
    now = [NOW]
    holds = parse("last:30s").compile(Context(now=lambda: now[0], marked=()))
    before = holds(RECOG)
    now[0] += 31
    assert (before, holds(RECOG)) == (True, False)


SUMMER = 999_900.0
"""1970-01-12 13:45:00 UTC: the clocks go from an hour ahead of UTC to two."""
AT_SUMMER = Context(lambda: NOW, (), lambda time: 7200.0 if time >= SUMMER else 3600.0)


@pytest.mark.parametrize(
    ("time", "wall"),
    [
        (SUMMER - 3600, "13:45:00"),
        (SUMMER - 1, "14:44:59"),
        (SUMMER, "15:45:00"),
        (SUMMER + 3600, "16:45:00"),
    ],
)
@pytest.mark.parametrize("date", ["", "1970-01-12T"])
def test_time_is_the_wall_clock_on_both_sides_of_summer_time(
    date: str, time: float, wall: str
) -> None:
    after = parse(f"after:{date}{wall}").compile(AT_SUMMER)
    before = parse(f"before:{date}{wall}").compile(AT_SUMMER)
    earlier, exact = received(time=time - 0.5), received(time=time)
    answers = [after(earlier), before(earlier), after(exact), before(exact)]
    assert answers == [False, True, True, False]


def test_time_that_no_calendar_has_is_no_error() -> None:
    holds = parse("after:12:30 OR before:12:30").compile(Context(lambda: NOW, ()))
    assert holds(received(time=1e300))


MISTAKES = [
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
    ("after:12:60", 6, '"12:60" is not a time'),
    ("after:2026-02-30", 6, '"2026-02-30" is not a time'),
    ("before:noon", 7, '"noon" is not a time'),
    ("after:12:30,12:40", 12, "takes one"),
    ("last:30", 5, "as in last:30s"),
    ("(" * 60 + "a" + ")" * 60, 40, "fewer parentheses"),
]


@pytest.mark.parametrize(("text", "position", "message"), MISTAKES)
def test_mistake_is_told_with_its_place(text: str, position: int, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert (caught.value.position, message in str(caught.value)) == (position, True)


def test_caret_stands_under_the_mistake_in_terminal_cells() -> None:
    text = "か\u3099こ is:old"
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.caret(text) == (text, " " * 8 + f"^ {caught.value}")


def test_blank_text_is_the_empty_filter() -> None:
    assert [parse(text).is_empty for text in ("", " \t\u3000", "a")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("is:echo", "is:echo", True),
        ("a OR -(b IS:Lost,ECHO)", "is:echo", True),
        ("is:lost", "is:echo", False),
        ('"is:echo"', "is:echo", False),
        ("type:A", "type", True),
        ("", "is:echo", False),
    ],
)
def test_names(text: str, term: str, expected: bool) -> None:
    assert parse(text).mentions(term) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("last:30s", True), ("-(a OR last:1h)", True), ("after:12:30", False)]
)
def test_moving(text: str, expected: bool) -> None:
    assert parse(text).depends_on_time is expected


@pytest.mark.parametrize("term", TERMS)
def test_examples_of_the_help_can_be_read(term: type) -> None:
    for example in term.form.split("  "):  # type: ignore[attr-defined]
        assert any(type(each) is term for each in [parse(example).node])


def test_help_table_has_every_term() -> None:
    assert {term.form for term in TERMS} <= {form for form, _ in help_table()}


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
        found.compile(CONTEXT)(RECOG)


@given(st.text(st.sampled_from("ab*?"), max_size=8), st.text(st.sampled_from("abAB"), max_size=10))
def test_glob_is_what_a_plain_matcher_finds(pattern: str, text: str) -> None:
    def plain(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return plain(pattern[1:], text) or (bool(text) and plain(pattern, text[1:]))
        return bool(text) and pattern[0] in ("?", text[0]) and plain(pattern[1:], text[1:])

    assert passes(f'args:"{pattern}"', received(f"A|{text}")) is plain(pattern, text.lower())
