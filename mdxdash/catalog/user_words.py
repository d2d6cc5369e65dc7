"""The message with which an agent hears what its user said, as its speech recognition issues it."""

from typing import Final

from mdxdash.wire.message import Message

WORDS_TYPE: Final = "RECOG_EVENT_STOP"
"""Its type; the words are its argument."""


def user_says(words: str) -> Message:
    """Returns the message that lets an agent hear `words` as if its user had said them."""
    return Message(WORDS_TYPE, words)
