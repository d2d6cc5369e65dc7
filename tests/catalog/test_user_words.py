"""The words of a user as a message."""

from mdxdash.catalog.lookup import find
from mdxdash.catalog.user_words import WORDS_TYPE, user_says


def test_the_agent_hears_the_words_whole():
    assert str(user_says("こんにちは、元気?")) == "RECOG_EVENT_STOP|こんにちは、元気?"


def test_it_is_a_message_of_the_catalog():
    entry = find(WORDS_TYPE)
    assert entry is not None and entry.kind == "event"
