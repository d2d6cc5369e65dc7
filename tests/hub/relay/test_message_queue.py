"""Messages for the upstream: in order, none twice, within a bound."""

from hypothesis import given
from hypothesis import strategies as st

from mdxdash.hub.relay.message_queue import TAKEN_BYTES, MessageQueue


def taken(queue: MessageQueue) -> list[bytes]:
    return [message.data for message in queue.take(len(queue))]


def test_messages_are_taken_in_order_with_their_numbers_and_kinds() -> None:
    queue = MessageQueue(100)
    assert queue.put(b"a", text=True)
    assert queue.put(b"b", text=False)
    (first,), (second,) = queue.take(), queue.take()
    assert (first.number, first.data, first.text) == (1, b"a", True)
    assert (second.number, second.data, second.text) == (2, b"b", False)


def test_a_message_that_is_taken_waits_no_more_and_is_unacknowledged() -> None:
    queue = MessageQueue(100)
    queue.put(b"a", text=True)
    assert (len(queue), queue.unacknowledged) == (1, 0)
    queue.take()
    assert (len(queue), queue.unacknowledged) == (0, 1)


def test_an_acknowledgement_counts_for_all_messages_up_to_its_number() -> None:
    queue = MessageQueue(100)
    for data in (b"a", b"b", b"c"):
        queue.put(data, text=True)
    taken(queue)
    assert queue.acknowledge(2) == 2
    assert queue.acknowledge(2) == 0
    assert queue.unacknowledged == 1
    queue.requeue()
    assert taken(queue) == [b"c"]


def test_as_many_are_taken_as_are_asked_for_and_wait() -> None:
    queue = MessageQueue(100)
    for data in (b"a", b"b", b"c"):
        queue.put(data, text=True)
    assert [message.data for message in queue.take(2)] == [b"a", b"b"]
    assert [message.number for message in queue.take(2)] == [3]
    assert queue.take(2) == []


def test_no_more_bytes_are_taken_together_than_are_sent_in_one_write() -> None:
    queue = MessageQueue(2**24)
    for size in (TAKEN_BYTES // 2, TAKEN_BYTES // 2, 1, 2 * TAKEN_BYTES, 1):
        queue.put(bytes(size), text=False)
    taken_together = []
    while queue:
        taken_together.append([message.number for message in queue.take(10)])
    assert taken_together == [[1, 2], [3], [4], [5]]


def test_requeued_messages_come_before_those_that_wait() -> None:
    queue = MessageQueue(100)
    for data in (b"a", b"b", b"c"):
        queue.put(data, text=True)
    queue.take()
    queue.take()
    queue.requeue()
    assert queue.unacknowledged == 0
    assert taken(queue) == [b"a", b"b", b"c"]


def test_acknowledging_all_leaves_those_that_wait() -> None:
    queue = MessageQueue(100)
    queue.put(b"a", text=True)
    queue.take()
    queue.put(b"b", text=True)
    queue.acknowledge_all()
    queue.requeue()
    assert taken(queue) == [b"b"]


def test_a_message_that_fits_exactly_is_taken_and_the_next_is_dropped() -> None:
    queue = MessageQueue(4)
    assert queue.put(b"1234", text=True)
    assert not queue.put(b"5", text=True)
    assert queue.dropped == 1
    assert taken(queue) == [b"1234"]


def test_a_dropped_message_has_no_number() -> None:
    queue = MessageQueue(4)
    queue.put(b"12345", text=True)
    queue.put(b"1", text=True)
    assert queue.take()[0].number == 1


def test_sent_messages_are_forgotten_rather_than_a_new_one_dropped() -> None:
    queue = MessageQueue(4)
    queue.put(b"12", text=True)
    queue.put(b"34", text=True)
    taken(queue)
    assert queue.put(b"5", text=True)
    assert queue.unacknowledged == 1
    assert queue.dropped == 0


def test_an_acknowledgement_makes_room() -> None:
    queue = MessageQueue(2)
    queue.put(b"12", text=True)
    assert queue.acknowledge(queue.take()[0].number) == 1
    assert queue.put(b"34", text=True)


@given(
    st.lists(
        st.sampled_from(["put", "take", "acknowledge", "requeue", "acknowledge all"]), max_size=60
    )
)
def test_what_arrives_is_in_order_and_without_gaps(acts: list[str]) -> None:
    """An upstream that is lost before an acknowledgement gets messages again, and misses none."""
    queue = MessageQueue(10_000)
    put, acknowledged, received = 0, 0, list[int]()
    for act in acts:
        if act == "put":
            put += 1
            queue.put(b"%d" % put, text=True)
        elif act == "take" and len(queue):
            received.append(queue.take()[0].number)
        elif act == "acknowledge" and received:
            acknowledged = max(acknowledged, received[-1])
            queue.acknowledge(received[-1])
        elif act == "acknowledge all" and received:
            acknowledged = max(acknowledged, received[-1])
            queue.acknowledge_all()
        elif act == "requeue":
            queue.requeue()
            received = received[: received.index(acknowledged) + 1] if acknowledged else []
    received += [message.number for message in queue.take(len(queue))]
    assert received == list(range(1, put + 1))
