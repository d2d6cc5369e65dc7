"""What can be typed at the cursor of a filter."""

import pytest

from mdxdash.filters.assistance.completion import KnownNames, complete_filter

KNOWN = KnownNames(
    types={"RECOG_EVENT_START": 1, "RECOG_EVENT_STOP": 3, "MY_TYPE": 2, "QQ R": 1},
    agents=("chat", "chat-1", "robot"),
    modules=("VIManager", "Open_JTalk"),
    saved={"errors": "level:error OR is:lost", "talk": "type:RECOG_*"},
)


def offered(text: str, cursor: int | None = None) -> list[str]:
    found = complete_filter(text, len(text) if cursor is None else cursor, KNOWN)
    return [candidate.display for candidate in found.candidates]


def completed(text: str, choice: int = 0) -> str:
    found = complete_filter(text, len(text), KNOWN)
    return text[: found.start] + found.candidates[choice].text + text[found.end :]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("ty", "type:"),
        ("-ty", "-type:"),
        ("hello (mod", "hello (module:"),
        ("type:RECOG", "type:RECOG*"),
        ("type:recog_event_sto", "type:RECOG_EVENT_STOP"),
        ("type:my", "type:MY_TYPE"),
        ("type:QQ", 'type:"QQ R"'),
        ("type:MY_TYPE,RECOG", "type:MY_TYPE,RECOG*"),
        ("-type:x OR agent:ro", "-type:x OR agent:robot"),
        ("agent:chat", "agent:chat-1"),
        ("module:vi", "module:VIManager"),
        ("is:ec", "is:echo"),
        ("dir:", "dir:in"),
        ("last:", "last:30s"),
        ("err", "level:error OR is:lost"),
        ("hello err", "hello (level:error OR is:lost)"),
        ("hello tal", "hello type:RECOG_*"),
        ("recog", "type:RECOG_EVENT_STOP"),
        ("ｔｙ", "type:"),
    ],
)
def test_the_first_candidate_is_put_in(text: str, result: str):
    assert completed(text) == result


def test_types_are_in_the_order_of_their_numbers_and_the_catalog_comes_last():
    names = offered("type:")
    assert names[:3] == ["RECOG_EVENT_STOP", "MY_TYPE", "RECOG_EVENT_START"]
    assert names[3:5] == ["QQ R", "MODEL_ADD"]


def test_what_is_listed_already_is_not_offered_again():
    assert offered("agent:chat,") == ["chat-1", "robot"]


@pytest.mark.parametrize(
    "text", ['"ty', "/ty", "type:RECOG_*", "type:MY_TYPE", "args:x", "nobody:x", "zzz", "is:echo"]
)
def test_there_may_be_nothing_to_offer(text: str):
    assert offered(text) == []


def test_the_rest_of_a_word_behind_the_cursor_is_replaced():
    found = complete_filter("type:MYTH hello", 7, KNOWN)
    assert (found.start, found.end) == (5, 9)


def test_the_start_of_a_line_offers_every_term_and_saved_filter():
    assert offered("")[0] == "type:"
    assert offered("")[-2:] == ["errors", "talk"]
