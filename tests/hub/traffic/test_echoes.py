"""Which returning line acknowledges which sent one."""

from mdxdash.hub.traffic.echoes import Acknowledged, EchoMatcher
from mdxdash.wire.message import Message

A = Message("A", "1")


def test_the_first_equal_line_acknowledges_with_its_round_trip():
    echoes = EchoMatcher()
    echoes.expect(A, seq=5, sent_at=100.0)
    assert echoes.match("A", "2", 100.01) is None
    assert echoes.match("A", "1", 100.25) == Acknowledged(5, 0.25, "")
    assert echoes.match("A", "1", 100.3) is None
    assert not echoes


def test_equal_lines_are_acknowledged_in_the_order_they_were_sent():
    echoes = EchoMatcher()
    echoes.expect(A, seq=1, sent_at=0.0)
    echoes.expect(A, seq=2, sent_at=1.0)
    assert [echoes.match("A", "1", 2.0), echoes.match("A", "1", 2.0)] == [
        Acknowledged(1, 2.0, ""),
        Acknowledged(2, 1.0, ""),
    ]


def test_what_gets_no_echo_is_lost_and_a_late_one_is_an_ordinary_message():
    echoes = EchoMatcher()
    echoes.expect(A, seq=1, sent_at=0.0)
    echoes.expect(A, seq=2, sent_at=3.0)
    assert echoes.expire(4.9) == []
    assert echoes.expire(5.0) == [1]
    assert echoes.match("A", "1", 5.5) == Acknowledged(2, 2.5, "")
    assert echoes.match("A", "1", 5.6) is None
    assert echoes.expire(100.0) == []


def test_it_is_true_while_echoes_are_awaited():
    echoes = EchoMatcher()
    assert not echoes
    echoes.expect(A, seq=1, sent_at=0.0)
    assert echoes
    assert echoes.expire(5.0) == [1]
    assert not echoes


def test_a_type_alone_is_another_line():
    echoes = EchoMatcher()
    echoes.expect(A, seq=1, sent_at=0.0)
    echoes.expect(Message("B", "1"), seq=2, sent_at=0.0)
    assert echoes.match("A", "", 1.0) is None
    assert echoes.match("B", "1", 1.0) == Acknowledged(2, 1.0, "")


def test_what_was_acknowledged_is_not_lost_and_the_next_equal_line_is():
    echoes = EchoMatcher()
    echoes.expect(A, seq=1, sent_at=0.0)
    echoes.expect(A, seq=2, sent_at=0.0)
    assert echoes.match("A", "1", 0.5) == Acknowledged(1, 0.5, "")
    assert echoes.expire(5.0) == [2]
    assert echoes.expire(5.0) == []


def test_the_lost_are_in_the_order_they_were_sent_and_the_time_limit_can_be_given():
    echoes = EchoMatcher()
    for seq, name in enumerate("ABC"):
        echoes.expect(Message(name), seq=seq, sent_at=float(seq))
    assert echoes.expire(1.5, timeout=0.5) == [0, 1]
    assert echoes.expire(float("inf")) == [2]
