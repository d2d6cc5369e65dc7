"""Which lines leave, what their bytes are, and why the others do not."""

import pytest

from mdxdash.wire.framing import (
    AUDIO_CONTROLS,
    FRAME_INTERVAL,
    FRAME_MAX_BYTES,
    LINE_MAX_BYTES,
    SHORT_S_LINE_BYTES,
    WIRE_RULES,
    Unsendable,
    encode_line,
    encode_text,
    expected_echo,
)
from mdxdash.wire.message import Message, parse_message


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("TEST_MESSAGE", b"TEST_MESSAGE\n"),
        ("A|", b"A\n"),
        ("A|b|", b"A|b|\n"),
        ("A||b", b"A||b\n"),
        ('A|"quoted"\ttab ', b'A|"quoted"\ttab \n'),
        ("こ|ん", "こ|ん\n".encode()),
        # Short lines that begin with S would wait in the agent for the head of an audio block.
        ("START", b"START\n\n"),
        ("STOP", b"STOP\n\n\n"),
        ("S", b"S\n\n\n\n\n\n"),
        ("S|ab", b"S|ab\n\n\n"),
        ("S|abc", b"S|abc\n\n"),
        ("STARTS", b"STARTS\n"),
        # A type that begins with SND would be taken for audio.
        ("SNDFOO|x", b"__AV_MESSAGE,SNDFOO|x\n"),
        ("SND9999", b"__AV_MESSAGE,SND9999\n"),
        ("SNDFILE|x", b"__AV_MESSAGE,SNDFILE|x\n"),
        # The audio controls are meant.
        ("SNDFILE", b"SNDFILE\n"),
        ("__AV_START", b"__AV_START\n"),
    ],
)
def test_a_line_is_encoded_so_that_the_agent_takes_it_whole(line: str, data: bytes):
    assert encode_line(parse_message(line)) == data


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        (Message(""), "W101", "the line is empty; a message is TYPE or TYPE|arg|arg"),
        (Message("__AV_MESSAGE,"), "W101", "the line is empty; a message is TYPE or TYPE|arg|arg"),
        (Message("", "A|b"), "W105", "|A|b: no type before the first bar"),
        (Message("", "|"), "W105", "||: no type before the first bar"),
        (Message("__AV_MESSAGE,", "A"), "W105", "|A: no type before the first bar"),
        (Message("A", "b\nC"), "W102", r"A|b\nC: holds a newline"),
        (Message("A\r"), "W102", r"A\r: holds a carriage return"),
        (Message("A", "\0"), "W102", r"A|\x00: holds a NUL"),
        (Message("A", "\x1b[31m"), "W102", r"A|\x1b[31m: holds an escape"),
        (Message("A", "\x08"), "W102", r"A|\x08: holds the control character U+0008"),
        (Message("A", "\x0b"), "W102", r"A|\x0b: holds the control character U+000B"),
        (Message("A", "\x1f"), "W102", r"A|\x1f: holds the control character U+001F"),
        (Message("A", "\x7f"), "W102", r"A|\x7f: holds the control character U+007F"),
        (Message("A", "\x80"), "W102", r"A|\x80: holds the control character U+0080"),
        (Message("A", "\x9f"), "W102", r"A|\x9f: holds the control character U+009F"),
        (Message("A", "あ\ud800"), "W103", r"A|あ\ud800: U+D800 has no UTF-8 form"),
        (Message("SND", "\udfff"), "W103", r"__AV_MESSAGE,SND|\udfff: U+DFFF has no UTF-8 form"),
        (Message("A", "x" * 1999), "W104", f"A|{'x' * 38}…: 2,001 bytes, at most 2,000 are sent"),
        (Message("A", "あ" * 667), "W104", f"A|{'あ' * 38}…: 2,003 bytes, at most 2,000 are sent"),
        (
            Message("SND", "x" * 1990),
            "W104",
            f"__AV_MESSAGE,SND|{'x' * 23}…: 2,007 bytes, at most 2,000 are sent",
        ),
    ],
)
def test_a_refusal_names_the_message_and_the_rule(message: Message, code: str, reason: str):
    with pytest.raises(Unsendable) as caught:
        encode_line(message)
    assert (caught.value.code, caught.value.reason) == (code, reason)
    assert str(caught.value) == f"{code} {reason}"
    assert code in WIRE_RULES


@pytest.mark.parametrize(("length", "excerpt"), [(39, "x" * 39), (40, "x" * 39 + "…")])
def test_a_refusal_shows_40_characters_of_the_message(length: int, excerpt: str):
    with pytest.raises(Unsendable) as caught:
        encode_line(Message("", "x" * length))
    assert caught.value.reason == f"|{excerpt}: no type before the first bar"


@pytest.mark.parametrize("character", ["\t", " ", "~", "\xa0", "\u200b", "\uffff", "\U0010ffff"])
def test_other_characters_are_sent(character: str):
    assert encode_line(Message("A", character)) == f"A|{character}\n".encode()


def test_only_a_whole_message_is_encoded_as_a_formatted_line():
    assert encode_text("SNDFOO|x") == encode_line(Message("SNDFOO", "x"))
    assert encode_text("A|") == b"A|\n"


def test_the_limits_are_those_of_the_agent():
    assert (LINE_MAX_BYTES, FRAME_MAX_BYTES, SHORT_S_LINE_BYTES) == (2000, 1400, 7)
    assert pytest.approx(0.02) == FRAME_INTERVAL
    assert set(AUDIO_CONTROLS) == {"SNDFILE", "SNDSTRM", "SNDBRKS"}


def test_the_longest_line_is_sent():
    assert len(encode_line(Message("A", "x" * 1998))) == 2001


@pytest.mark.parametrize(
    ("line", "echo"),
    [
        ("A|b", Message("A", "b")),
        ("SNDFOO|x", Message("SNDFOO", "x")),
        ("__AV_MESSAGE,X|y", Message("X", "y")),
        ("__AV_MESSAGE,__AV_START", Message("__AV_START")),
        ("__AV_MESSAGE,X", Message("X")),
        ("__AV_START", None),
        ("__AV_SETMODEL,mei", None),
        ("SNDBRKS", None),
        ("SNDBRKS|x", Message("SNDBRKS", "x")),
    ],
)
def test_what_comes_back_as_the_echo(line: str, echo: Message | None):
    assert expected_echo(parse_message(line)) == echo


def test_a_type_with_a_bar_comes_back_split():
    assert expected_echo(Message("A|b", "c")) == Message("A", "b|c")
