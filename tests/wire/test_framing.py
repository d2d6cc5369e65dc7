"""Which lines leave, what their bytes are, and why the others do not."""

import pytest

from mdxdash.wire.framing import WIRE_RULES, Unsendable, encode_line, expected_echo
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
    ("message", "code", "names"),
    [
        (Message(""), "W101", "empty"),
        (Message("__AV_MESSAGE,"), "W101", "empty"),
        (Message("", "A|b"), "W105", "before the first bar"),
        (Message("", "|"), "W105", "before the first bar"),
        (Message("__AV_MESSAGE,", "A"), "W105", "before the first bar"),
        (Message("A", "b\nC"), "W102", "a newline"),
        (Message("A\r"), "W102", "a carriage return"),
        (Message("A", "\0"), "W102", "a NUL"),
        (Message("A", "\x1b[31m"), "W102", "an escape"),
        (Message("A", "\x7f"), "W102", "U+007F"),
        (Message("A", "\x9b"), "W102", "U+009B"),
        (Message("A", "\ud800"), "W103", "U+D800"),
        (Message("A", "x" * 1999), "W104", "2,001 bytes"),
        (Message("A", "あ" * 667), "W104", "2,003 bytes"),
        (Message("SND", "x" * 1990), "W104", "2,007 bytes"),
    ],
)
def test_a_refusal_names_the_message_and_the_rule(message: Message, code: str, names: str):
    with pytest.raises(Unsendable) as caught:
        encode_line(message)
    assert caught.value.code == code
    assert names in caught.value.reason
    assert code in WIRE_RULES


def test_the_longest_line_is_sent():
    assert len(encode_line(Message("A", "x" * 1998))) == 2001


@pytest.mark.parametrize(
    ("line", "echo"),
    [
        ("A|b", Message("A", "b")),
        ("SNDFOO|x", Message("SNDFOO", "x")),
        ("__AV_MESSAGE,X|y", Message("X", "y")),
        ("__AV_START", None),
        ("SNDBRKS", None),
    ],
)
def test_what_comes_back_as_the_echo(line: str, echo: Message | None):
    assert expected_echo(parse_message(line)) == echo
