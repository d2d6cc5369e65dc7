"""Whatever a terminal sends or does not take, the dashboard goes on."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key

from mdxdash.tui.terminal_driver import InputDecoder, ScreenWriter
from tests.support.waiting import GUARD

sequences = st.sampled_from(
    [
        *(
            b"\x1b[M\xff\xff\xff",
            b"\x1b[<0;1",
            b"\x1b[<999999999;1;1M",
            b"\x1b[97;5u",
            b"\x1b[1;1R",
        ),
        *(b"\x1b[200~", b"\x1b[201~", b"\x1b]52;", b"\x1b[?2026;2$y"),
        *(b"\xff", b"caf\xe9\r", "あ".encode()[:2]),
    ]
)
NOISE = [b"\xff", b"caf\xe9\r", b"\x1b[M\xff\xff\xff", b"\x1b[200~\x1b[201~"]


@given(st.lists(st.one_of(sequences, st.binary(max_size=20)), max_size=30))
def test_no_input_raises(pieces: list[bytes]) -> None:
    decoder = InputDecoder()
    for piece in pieces:
        decoder.feed(piece)
        decoder.tick()


@pytest.mark.parametrize(
    "noise", [b"\xff", b"caf\xe9\r", b"\x1b[M\xff\xff\xff", b"\x1b[200~\x1b[201~"]
)
def test_a_key_is_understood_after_noise(noise: bytes) -> None:
    decoder = InputDecoder()
    decoder.feed(noise)
    decoder.tick()
    keys = [each.key for each in decoder.feed(b"xyzq") if isinstance(each, Key)]
    assert keys[-1:] == ["q"]


def test_a_character_that_comes_in_two_reads_is_one() -> None:
    decoder = InputDecoder()
    first, rest = "あ".encode()[:1], "あ".encode()[1:]
    messages = [*decoder.feed(first), *decoder.feed(rest)]
    assert [each.character for each in messages if isinstance(each, Key)] == ["あ"]


class Watch:
    """What a writer reported, and a way to wait for it."""

    def __init__(self) -> None:
        self.lost = threading.Event()
        self.drained = threading.Event()


@pytest.fixture
def watch() -> Watch:
    return Watch()


def writer_to(descriptor: int, watch: Watch, waiting: int = 1000) -> ScreenWriter:
    file = os.fdopen(descriptor, "w", encoding="utf-8")
    return ScreenWriter(file, watch.lost.set, watch.drained.set, waiting)


def test_what_is_written_arrives_in_order(watch: Watch) -> None:
    reading, writing = os.pipe()
    writer = writer_to(writing, watch)
    for text in ("こんに", "ちは", "!"):
        writer.write(text)
    writer.stop()
    assert os.read(reading, 100).decode() == "こんにちは!"
    assert not watch.lost.is_set()
    assert not watch.drained.is_set()


def test_a_terminal_that_takes_nothing_stops_nobody_and_is_painted_again(watch: Watch) -> None:
    reading, writing = os.pipe()
    writer = writer_to(writing, watch)
    for _ in range(10_000):
        writer.write("x" * 100)
    received = bytearray()
    while not watch.drained.wait(0.01):
        received += os.read(reading, 2**20)
    writer.stop()
    assert len(received) < 10_000 * 100


def test_the_end_does_not_wait_for_a_terminal_that_takes_nothing(watch: Watch) -> None:
    _, writing = os.pipe()
    writer = writer_to(writing, watch, 2**21)
    writer.write("x" * 2**20)
    done = threading.Thread(target=writer.stop, args=(0.05,))
    done.start()
    done.join(GUARD)
    assert not done.is_alive()


def test_a_terminal_that_is_gone_is_reported_once_and_writing_goes_nowhere(watch: Watch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    writer = writer_to(writing, watch)
    writer.write("x")
    assert watch.lost.wait(GUARD)
    writer.write("y")
    writer.stop()


def test_a_full_device_is_a_terminal_that_is_gone(watch: Watch) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    writer = writer_to(os.open(full, os.O_WRONLY), watch)
    writer.write("x")
    assert watch.lost.wait(GUARD)
