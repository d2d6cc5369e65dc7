"""What a browser may send, and what its dashboard reads of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.drivers._byte_stream import ByteStream

from mdxdash.web.browser_messages import (
    QUIT,
    Blurred,
    Focused,
    Message,
    Ping,
    Resized,
    Size,
    Typed,
    packets,
    read_message,
)


def read_by_driver(data: bytes) -> list[tuple[str, bytes]]:
    return [tuple(packet) for packet in ByteStream().feed(data)]


@given(st.text())
def test_typed_text_arrives_as_it_is(text: str) -> None:
    message = read_message(json.dumps(["stdin", text], ensure_ascii=False))
    assert message == Typed(text)
    assert read_by_driver(packets(message)) == [("D", text.encode())]


def test_a_size_arrives_as_numbers() -> None:
    message = read_message('["resize", {"cols": 1, "width": 80, "height": 24}]')
    ((kind, content),) = read_by_driver(packets(message))
    assert (kind, json.loads(content)) == ("M", {"type": "resize", "width": 80, "height": 24})


@pytest.mark.parametrize("text", ['["focus"]', '["blur"]', '["ping", "1764086400000"]'])
def test_a_dashboard_reads_nothing_of_focus_and_pings(text: str) -> None:
    assert packets(read_message(text)) == b""


def test_a_ping_is_kept_for_its_answer() -> None:
    assert read_message('["ping", "12"]') == Ping("12")


def test_the_packet_that_ends_is_whole() -> None:
    assert read_by_driver(QUIT) == [("M", b'{"type": "quit"}')]


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "null", "[]", "{}", "[1]", '["stdin"]', '["stdin", 1]', '["stdin", null]'),
        *('["quit"]', '["ended", "x"]', '[["stdin", "x"]]', "[" * 100_000, '["stdin", "\\ud800"]'),
        *('["resize", {}]', '["resize", {"width": 0, "height": 1}]', '["ping", 5]'),
        *('["resize", {"width": 1000000000, "height": 1}]', '["resize", [80, 24]]'),
        *('["resize", {"width": 8.5, "height": 1}]', f'["ping", "{"1" * 41}"]', "\ud800"),
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_message(text)


MESSAGES = st.one_of(
    st.builds(Typed, st.text()),
    st.builds(Resized, st.builds(Size, st.integers(1, 1000), st.integers(1, 500))),
    st.builds(Ping, st.text(max_size=40)),
    st.sampled_from([Focused(), Blurred()]),
)


@given(st.lists(MESSAGES, max_size=10))
def test_packets_that_follow_each_other_are_read_one_by_one(messages: list[Message]) -> None:
    stream = b"".join(map(packets, messages))
    read = [kind for kind, _ in read_by_driver(stream)]
    kinds = {Typed: "D", Resized: "M"}
    assert read == [kinds[type(each)] for each in messages if type(each) in kinds]
