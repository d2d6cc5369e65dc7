"""The data itself: complete, well-formed, and written for people."""

import re
import subprocess
import sys
import unicodedata

import pytest

from mdxdash.catalog.dissect import fits
from mdxdash.catalog.entry import Entry
from mdxdash.catalog.lookup import entries, find, source

ALL = entries()
IDS = [entry.name for entry in ALL]
EVERY_MESSAGE = pytest.mark.parametrize("entry", ALL, ids=IDS)


def test_there_are_98_commands_87_events_and_16_lines_for_the_socket() -> None:
    kinds = [entry.kind for entry in ALL]
    assert (kinds.count("command"), kinds.count("event"), kinds.count("remote")) == (98, 87, 16)


def test_no_message_is_there_twice() -> None:
    assert len(set(IDS)) == len(IDS)


def test_it_says_where_its_facts_come_from() -> None:
    assert "github.com/mmdagent-ex/MMDAgent-EX" in source()
    assert re.search(r"commit [0-9a-f]{40}, \d{4}-\d\d-\d\d", source())


@EVERY_MESSAGE
def test_summaries_are_one_short_line(entry: Entry) -> None:
    assert 8 <= len(entry.summary.en) <= 80
    assert 4 <= len(entry.summary.ja) <= 40
    assert "\n" not in entry.summary.en + entry.summary.ja


@EVERY_MESSAGE
def test_the_japanese_summary_is_japanese(entry: Entry) -> None:
    names = [unicodedata.name(character, "") for character in entry.summary.ja]
    assert any(name.startswith(("HIRAGANA", "CJK UNIFIED")) for name in names)


def test_no_two_messages_share_a_summary() -> None:
    for texts in ([e.summary.en for e in ALL], [e.summary.ja for e in ALL]):
        assert len(set(texts)) == len(texts)


@EVERY_MESSAGE
def test_a_choice_says_among_what(entry: Entry) -> None:
    for form in entry.forms:
        for argument in form:
            if argument.type in ("choice", "bool-onoff"):
                assert argument.choices


@EVERY_MESSAGE
def test_optional_arguments_come_last(entry: Entry) -> None:
    for form in entry.forms:
        optional = [argument.optional for argument in form]
        assert optional == sorted(optional)


@EVERY_MESSAGE
def test_a_default_is_a_value_that_its_argument_takes(entry: Entry) -> None:
    for form in entry.forms:
        for argument in form:
            assert argument.default is None or fits(argument, argument.default)


@EVERY_MESSAGE
def test_every_reply_is_a_known_event_and_says_when(entry: Entry) -> None:
    assert len(entry.replies) == len(entry.replies_when)
    for reply in entry.replies:
        type_, _, args = reply.partition("|")
        found = find(type_, args)
        assert found is not None
        assert found.kind == "event"


@EVERY_MESSAGE
def test_replies_by_form_are_given_for_every_form(entry: Entry) -> None:
    if entry.replies_by_form:
        assert len(entry.replies_by_form) == len(entry.forms)
        assert {reply for form in entry.replies_by_form for reply in form} == set(entry.replies)


@EVERY_MESSAGE
def test_the_name_meant_by_a_misprint_exists(entry: Entry) -> None:
    if entry.instead:
        assert entry.dead
        assert entry.instead in IDS


def test_importing_the_room_reads_no_data_and_no_textual() -> None:
    program = (
        "import sys, mdxdash.catalog.check, mdxdash.catalog.completion\n"
        "import mdxdash.catalog.explanation\n"
        "import mdxdash.catalog.lookup as lookup\n"
        "assert lookup._catalog.cache_info().currsize == 0\n"
        "print([m for m in ('textual', 'rich', 'asyncio', 'importlib.resources')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
