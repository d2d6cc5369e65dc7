"""What is spoken through a hub of another process."""

from typing import cast

import pytest

from mdxdash.cli import speech_elsewhere
from mdxdash.remote.shell_client import ShellClient
from mdxdash.speech.sources.sound import Sound, SoundError


class FailingSound:
    """A microphone that is pulled out."""

    name = "microphone"

    def read(self) -> bytes:
        raise SoundError("the microphone is gone")

    def close(self) -> None:
        self.closed = True


def test_a_sound_that_fails_while_it_is_made_was_not_handed_over(capfd: pytest.CaptureFixture[str]):
    sound = FailingSound()
    assert not speech_elsewhere._give(cast(ShellClient, None), cast(Sound, sound))
    assert sound.closed
    assert "the microphone is gone" in capfd.readouterr().err
