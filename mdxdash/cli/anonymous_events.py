"""The events of a recording without what users said, for `--anonymous`."""

from collections.abc import Callable

from mdxdash.cli.recording_argument import read_events
from mdxdash.dialogue.anonymity import Anonymity
from mdxdash.events.event import Event
from mdxdash.filters.filter import EMPTY
from mdxdash.recordings.reader import Recording


def event_hider(recording: Recording) -> Callable[[Event], Event]:
    """Reads a recording once, and returns what hides in its events all that users say in it. Exits
    with code 2 when the file cannot be read any more."""
    anonymity = Anonymity()
    for chunk in read_events(recording, EMPTY):
        for event in chunk:
            anonymity.learn(event)
    return anonymity.hide
