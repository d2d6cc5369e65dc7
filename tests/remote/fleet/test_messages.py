"""What hubs and dashboards say to each other, as it is on the wire."""

import pytest

from mdxdash.remote.fleet.messages import (
    UNREADABLE,
    Batch,
    Command,
    MacroState,
    Presence,
    Sent,
    body,
    encoded,
    read_answer,
    read_changes,
    read_command,
    split_body,
)
from mdxdash.remote.protocol import Changed
from tests.support.scripted_hub import agent_state


def test_a_message_is_a_line_that_says_what_it_is_and_lines():
    head = Batch("room-3", "s", "chat", 1, 5, 5)
    data = body(head, b'{"seq":5}\n')
    assert data.startswith(b'{"is":"batch",')
    assert split_body(data, 1000) == (head, b'{"seq":5}\n')
    assert split_body(data[: data.index(b"\n")], 1000) == (head, b"")


def test_a_presence_has_agents_and_macros():
    presence = Presence(
        *("room-3", "s", 1.0, 5),
        agents=(agent_state(),),
        macros=("Greet",),
        macro_states={"Greet": MacroState(1, running=True)},
    )
    assert split_body(body(presence), 5000)[0] == presence


def test_one_of_a_version_before_is_read():
    line = b'{"is":"presence","hub":"room-3","session":"s","at":1.0,"published":0,"macros":["a"]}'
    head, _ = split_body(line, 1000)
    assert isinstance(head, Presence)
    assert (head.macros, head.macro_states) == (("a",), {})


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"[]", b"null", b"\xff", b'{"is":"other"}', b'{"a":' * 200_000, b"x" * 2000],
)
def test_what_is_no_message(data: bytes):
    with pytest.raises(UNREADABLE):
        split_body(data, 1000)
    with pytest.raises(UNREADABLE):
        read_answer(data)
    with pytest.raises(UNREADABLE):
        read_command(data)


def test_a_head_that_is_too_long_is_not_read():
    data = body(Presence("room-3", "s", 1.0, 0, url="x" * 1000))
    with pytest.raises(UNREADABLE, match="too long"):
        split_body(data, 500)
    # The lines behind it may be longer.
    assert split_body(body(Batch("a", "s", "b", 1, 1, 1), b"x" * 5000), 500)[1] == b"x" * 5000


def test_commands_and_answers_come_back_as_they_were():
    command = Command("id", "watcher", 1.0, ("chat",), stop_macro="Greet")
    assert read_command(encoded(command)) == command
    answer = Sent("room-3", "id", outcome="stopped")
    assert read_answer(encoded(answer)) == answer
    assert read_changes(b'{"is":"changed","seq":1,"lost":true}\n') == [Changed(1, lost=True)]
