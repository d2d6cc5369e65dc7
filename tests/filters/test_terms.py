"""What each term matches."""

import pytest

from mdxdash.events.event import Event
from mdxdash.filters.filter import TERMS, parse
from mdxdash.filters.terms import DecisionCache
from tests.support.filtering import logged, passes, received

RECOG = received("RECOG_EVENT_STOP|Hello World")
MODEL = received("MODEL_ADD|0|gene/Gene.pmd")
JAPANESE = received("SYNTH_START|0|mei|こんにちは 世界")
SENT = received("TEST_MESSAGE", kind="sent", round_trip=0.01)
ECHO = received("TEST_MESSAGE", echo=3, round_trip=0.01)
LOST = received("TEST_MESSAGE", kind="sent", lost=True)
WARNING = logged("Warning", "cannot find Gene.pmd")
CAPTURED = logged("Captured", line="TEST_MESSAGE")
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
    ("元気？", received("A|元気？"), True),
    ("元気?", received("A|元気？"), True),
    ("元気", received("A|元気？"), True),
    ("abc", received("A|ＡＢＣ"), True),
    ("ａｂｃ", received("A|ABC"), True),
    ("1", received("A|１"), True),
    ("ガス", received("A|ｶﾞｽ"), True),
    ("type:ＲＥＣＯＧ＊", RECOG, True),
    ("args:ｈｅｌｌｏ*", RECOG, True),
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
    ("level:warning", logged("Error"), True),
    ("level:warning", logged("Warning"), True),
    ("level:warning", logged("Status"), False),
    ("level:status", logged("Sent"), True),
    ("level:status", logged("Captured"), True),
    ("level:warning", logged("Captured"), False),
    ("level:status", logged("Debug"), False),
    ("level:debug", logged("Debug"), True),
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
    # the upstream
    ("via:server", RECOG, False),
    ("via:server", received("A|b", via="server"), True),
    # expressions
    ("/REC.*STOP/", RECOG, True),
    ("/rec.*stop/", RECOG, False),
    ("/rec.*stop/i", RECOG, True),
    (r"/STOP\|Hello W/", RECOG, True),
    ("/^TEST_MESSAGE$/", SENT, True),
    (r"/gene\/G/", MODEL, True),
    ("/cannot (find|open)/", WARNING, True),
    ("/^TEST_/", CAPTURED, True),
]


@pytest.mark.parametrize(("text", "event", "expected"), MATCHES)
def test_a_term_matches(text: str, event: Event, expected: bool) -> None:
    assert passes(text, event) is expected


def test_a_type_is_decided_once() -> None:
    asked: list[str] = []

    def decide(text: str) -> bool:
        asked.append(text)
        return text == "A"

    cache = DecisionCache(decide)
    assert [cache[text] for text in "ABAB"] == [True, False, True, False]
    assert asked == ["A", "B"]


def test_an_agent_that_makes_up_types_does_not_fill_the_memory() -> None:
    cache = DecisionCache(lambda text: True)
    for number in range(DecisionCache.LIMIT + 5):
        assert cache[str(number)]
    assert len(cache) == 5


@pytest.mark.parametrize("term", TERMS)
def test_examples_of_the_help_can_be_read(term: type) -> None:
    for example in term.form.split("  "):  # type: ignore[attr-defined]
        assert any(type(each) is term for each in [parse(example).node])


def test_terms_of_few_texts_are_cheap_and_searches_are_expensive() -> None:
    codes = [term.code for term in sorted(TERMS, key=lambda term: term.cost)]
    assert codes[:3] == ["type", "agent", "module"]
    assert codes[-3:] == ["", "args", ""]
    assert TERMS[0].cost < TERMS[-1].cost


@pytest.mark.parametrize("text", ["/a/", "/A/i", "type:A", "hello"])
def test_a_term_is_equal_to_another_only_if_it_matches_the_same(text: str) -> None:
    others = [parse(other) for other in ("/a/", "/A/i", "type:A", "hello") if other != text]
    assert parse(text) not in others
