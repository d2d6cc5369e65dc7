"""The proof: whatever the wire lets out, the model of the agent's parser takes exactly that.

The model was written from the observed protocol alone, without a look at the code under proof.
"""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.hub.traffic.send_queue import Outgoing, SendQueue
from mdxdash.simulator.input_parser import (
    Audio,
    AudioControl,
    Crash,
    Issued,
    Lost,
    Parser,
    Wedged,
)
from mdxdash.wire.audio import audio_blocks
from mdxdash.wire.framing import (
    AUDIO_CONTROLS,
    WIRE_RULES,
    Unsendable,
    encode_line,
    expected_echo,
)
from mdxdash.wire.message import Message, format_message, parse_message

EXAMPLES = max(500, settings().max_examples)
"""More with the profile `soak` (`tests/conftest.py`)."""

# Lines that have something of what is dangerous far more often than chance would.
NASTY_WORDS = "S SND SNDFILE SND0004 SND9999 START STOP __AV __AV_START | || __AV_MESSAGE, A あ 😀"
nasty = st.sampled_from(
    (*NASTY_WORDS.split(" "), "\n", "\r\n", "\0", "\t", " ", "\ud800", "\x1b", "A|\r")
)
line_text = st.lists(nasty | st.text(max_size=6) | st.just("x" * 700), max_size=6).map("".join)
message = line_text.map(parse_message)


def accepted(messages: list[Message]) -> Iterator[Outgoing]:
    for each in messages:
        try:
            yield Outgoing.of(each)
        except Unsendable:
            continue


def taken(parser: Parser, frame: bytes) -> list[str]:
    """The messages and audio controls of a frame; nothing may end the agent or be left waiting."""
    lines = []
    for outcome in parser.feed(frame):
        assert not isinstance(outcome, Crash | Wedged | Lost), outcome
        if isinstance(outcome, Issued):
            lines.append(outcome.line.decode("utf-8"))
        elif isinstance(outcome, AudioControl):
            lines.append(outcome.name)
    assert parser.kept == b""
    assert parser.end is None
    return lines


def expected(outgoing: Outgoing) -> str:
    """The line as it is to stand inside the agent."""
    echo = expected_echo(outgoing.message)
    return format_message(echo or outgoing.message)


def is_for_the_avatar(outgoing: Outgoing) -> bool:
    """`__AV…` lines are no messages: the avatar takes them, or drops what it does not know."""
    text = format_message(outgoing.message)
    return expected_echo(outgoing.message) is None and text not in AUDIO_CONTROLS


steps = st.lists(st.sampled_from(["line", "line", "frame", "sound"]), max_size=30)
"""In which order lines are queued, frames leave, blocks of sound go between."""


@given(st.lists(message, max_size=10), steps)
@settings(max_examples=EXAMPLES)
def test_the_agent_takes_exactly_what_is_accepted(messages: list[Message], order: list[str]):
    parser, queue = Parser(), SendQueue()
    lines = list(accepted(messages))
    meant = [expected(each) for each in lines if not is_for_the_avatar(each)]
    came: list[str] = []
    (block,) = audio_blocks(bytes(40))
    for step in [*order, *["line", "frame"] * len(lines)]:
        if step == "line" and lines:
            queue.put(lines.pop(0))
        elif step == "frame" and queue:
            came += taken(parser, b"".join(outgoing.data for outgoing in queue.take()))
        elif step == "sound":
            assert [type(outcome) for outcome in parser.feed(block)] == [Audio]
        # What the parser keeps outlives a connection, so a reconnect is harmless just when it
        # keeps nothing.
        assert parser.kept == b""
    assert came == meant


@given(message)
@settings(max_examples=EXAMPLES)
def test_every_refusal_names_a_rule_and_the_message(refused: Message):
    try:
        encode_line(refused)
    except Unsendable as error:
        assert error.code in WIRE_RULES
        shown = format_message(refused).removeprefix("__AV_MESSAGE,")[:5]
        if shown.isprintable() and shown:
            assert shown in error.reason


@given(message)
@settings(max_examples=EXAMPLES)
def test_every_line_alone_is_whole_and_safe(sent: Message):
    for outgoing in accepted([sent]):
        line = outgoing.data
        assert line.endswith(b"\n")
        assert line.strip(b"\n").count(b"\n") == 0
        assert not line.startswith(b"\n")
        assert len(line) >= 7 or not line.startswith(b"S")
        taken(Parser(), line)
