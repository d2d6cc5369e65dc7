"""The send queue on a virtual clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.dissect import dissect_command
from mdxdash.catalog.harmful import HARMFUL
from mdxdash.catalog.lookup import entries
from mdxdash.catalog.replies import immediate_effects
from mdxdash.hub.traffic import send_queue
from mdxdash.hub.traffic.send_queue import Outgoing, QueueFull, SendQueue
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.framing import ESCAPE, FRAME_INTERVAL, FRAME_MAX_BYTES, Unsendable
from mdxdash.wire.message import Message, parse_message


def line(text: str) -> Outgoing:
    return Outgoing.of(Message(text))


def test_a_line_that_finds_the_agent_idle_leaves_at_once():
    queue = SendQueue()
    queue.put(line("A"))
    assert queue.delay(100.0) == 0.0


def test_the_next_frame_waits_for_its_turn():
    queue = SendQueue()
    queue.put(line("A"))
    queue.take()
    queue.left(100.0)
    assert queue.delay(100.005) == pytest.approx(0.015)
    assert queue.delay(100.020) == 0.0


def test_lines_that_wait_share_frames_of_one_segment():
    queue = SendQueue()
    for number in range(500):
        queue.put(line(f"M{number:03}"))
    frames = []
    now = 0.0
    while queue:
        now += queue.delay(now)
        frames.append(queue.take())
        queue.left(now)
    sizes = [sum(len(outgoing.data) for outgoing in frame) for frame in frames]
    assert max(sizes) <= FRAME_MAX_BYTES
    assert len(frames) == 2
    assert now == pytest.approx(FRAME_INTERVAL)


def test_a_line_longer_than_a_segment_goes_alone():
    queue = SendQueue()
    for text in ("A", "B" * 1900, "C"):
        queue.put(line(text))
    assert [len(queue.take()) for _ in range(3)] == [1, 1, 1]


def test_a_full_queue_refuses_and_keeps_what_it_has():
    queue = SendQueue(limit=2)
    queue.put(line("A"))
    queue.put(line("B"))
    with pytest.raises(QueueFull, match="2 lines already wait"):
        queue.put(line("C"))
    assert [outgoing.message.type for outgoing in queue.drain()] == ["A", "B"]
    assert not queue


@given(st.lists(st.text("ABCDEF", min_size=1, max_size=1999), max_size=60))
def test_everything_leaves_in_order_in_safe_frames(texts: list[str]):
    queue = SendQueue()
    for text in texts:
        queue.put(line(text))
    left: list[str] = []
    now = 0.0
    while queue:
        now += queue.delay(now)
        frame = queue.take()
        queue.left(now)
        assert len(frame) == 1 or sum(len(each.data) for each in frame) <= FRAME_MAX_BYTES
        left += [each.message.type for each in frame]
    assert left == texts


def test_all_of_a_message_is_made_with_it():
    outgoing = Outgoing.of(Message("__AV_MESSAGE,MODEL_ADD", "mei|mei.pmd"), "macro")
    assert outgoing.data == b"__AV_MESSAGE,MODEL_ADD|mei|mei.pmd\n"
    assert outgoing.command is not None
    assert outgoing.command.head.text == "MODEL_ADD"
    assert outgoing.echo == Message("MODEL_ADD", "mei|mei.pmd")
    assert outgoing.by == "macro"


def test_what_no_agent_survives_is_no_outgoing_message():
    with pytest.raises(Unsendable):
        Outgoing.of(Message("A", "\0"))


def test_a_line_that_is_too_long_is_refused_before_it_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(send_queue, "dissect_command", lambda line: pytest.fail("taken apart"))
    with pytest.raises(Unsendable):
        Outgoing.of(Message("MODEL_ADD", "|" * 1_000_000))


LINES = [
    f"{entry.name}{arguments}"
    for entry in entries()
    for arguments in ("", "|GAIN", "|a", "|a|b", "|a|b|c", "|a|b|c|d|e|f", ",a,b")
]


def test_what_is_not_dissected_neither_harms_nor_changes_what_is_known():
    noted = AnnouncedState().types
    for text in LINES:
        command = dissect_command(text)
        if Outgoing.of(parse_message(text)).command is None:
            assert command is None or command.head.text not in HARMFUL
            assert not [each for each in immediate_effects(command) if each.type in noted]


@pytest.mark.parametrize("type_", ["MODEL_DELETE", "SPEAK_START", "MENU|ADD", "MOTIONCAPTURE_STOP"])
def test_what_may_harm_or_changes_what_is_known_is_dissected(type_: str):
    line = f"{type_}|a|b"
    outgoing = Outgoing.of(parse_message(line))
    assert outgoing.command == dissect_command(line)
    assert outgoing.effects == immediate_effects(outgoing.command)


def test_an_escaped_message_is_dissected_as_what_it_wraps():
    for text in LINES:
        outgoing = Outgoing.of(parse_message(ESCAPE + text))
        assert outgoing.command == dissect_command(ESCAPE + text)
        assert outgoing.effects == immediate_effects(outgoing.command)


def test_of_lines_that_wait_those_of_one_frame_are_taken_when_it_is_due():
    queue = SendQueue()
    assert queue.take_due(1.0) == []
    queue.put(line("A"))
    queue.left(1.0)
    assert queue.take_due(1.0 + FRAME_INTERVAL / 2) == []
    assert queue.take_due(1.0 + FRAME_INTERVAL) == [line("A")]
    for text in ("B", "C"):
        queue.put(line(text))
    assert queue.take_due(2.0) == [line("B"), line("C")]
    assert not queue


def test_its_length_is_the_number_of_waiting_lines():
    queue = SendQueue()
    assert (len(queue), queue.delay(0.0)) == (0, 0.0)
    for text in ("A", "B"):
        queue.put(line(text))
    assert len(queue) == 2
    queue.take()
    assert len(queue) == 0


def test_a_frame_is_filled_to_the_last_byte_and_no_further():
    queue = SendQueue()
    for size in (FRAME_MAX_BYTES - 3, 2, 2):  # with its newline each is one byte longer
        queue.put(line("B" * size))
    assert [len(queue.take()), len(queue.take())] == [1, 2]
    for size in (FRAME_MAX_BYTES - 4, 2, 2):
        queue.put(line("B" * size))
    assert [len(queue.take()), len(queue.take())] == [2, 1]


def test_its_bound_is_the_setting_s_default():
    assert SendQueue().limit == HubSettings().queue


def test_a_drained_queue_takes_lines_again():
    queue = SendQueue(limit=1)
    queue.put(line("A"))
    queue.drain()
    queue.put(line("B"))
    assert [outgoing.message.type for outgoing in queue.take()] == ["B"]
