"""The microphone, with a stand-in for the library that records."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from mdxdash.speech.sources.microphone import Microphone
from mdxdash.speech.sources.sound import SoundError


class PortAudioError(Exception):
    """As `sounddevice` has it."""


class InputStream:
    """Records ones, and fails at the third piece."""

    def __init__(self, **options: Any) -> None:
        assert (options["samplerate"], options["channels"]) == (16_000, 1)
        self.pieces = 0
        self.closed = False

    def start(self) -> None:
        """Begins."""

    def read(self, frames: int) -> tuple[bytearray, bool]:
        self.pieces += 1
        if self.pieces > 2:
            raise PortAudioError("unplugged")
        return bytearray(b"\x01\0" * frames), False

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(RawInputStream=InputStream, PortAudioError=PortAudioError)
    monkeypatch.setitem(sys.modules, "sounddevice", module)


def test_it_records_until_it_is_stopped() -> None:
    microphone = Microphone()
    assert microphone.read() == b"\x01\0" * 640
    microphone.abort()
    assert microphone.read() == b""
    microphone.close()


def test_one_that_fails_says_so() -> None:
    microphone = Microphone()
    microphone.read()
    microphone.read()
    with pytest.raises(SoundError, match="the microphone failed: unplugged"):
        microphone.read()


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SoundError, match=r"pip install '\.\[microphone\]'"):
        Microphone()
