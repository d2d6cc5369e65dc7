"""The small protocol through which macros and front ends let agents speak."""

from typing import Protocol

from mdxdash.events.event import Event


class CannotSpeak(ValueError):
    """A sound is not spoken. The text gives the reason."""


class SpeechControl(Protocol):
    """Lets agents speak; `SpeechEngine` implements it."""

    def play_file(self, agent: str, file: str, *, model: str = "") -> str:
        """Lets a model of an agent speak a sound file. Returns the utterance's key, for
        `is_end_of`. Raises `CannotSpeak`."""

    def say(self, agent: str, text: str, *, voice: str = "", model: str = "") -> str:
        """Lets a model of an agent say a text with a voice of the settings. Returns the
        utterance's key, for `is_end_of`. Raises `CannotSpeak`."""

    def stop_speech(self, agent: str, model: str = "") -> int:
        """Stops what a model of an agent speaks, or all of them, and what waits. Returns how many
        utterances these were."""


def is_end_of(event: Event, key: str) -> bool:
    """Returns whether an event is the end of the utterance with that key."""
    return event.by == "speech" and event.level == "end" and event.args == key
