"""Planned outputs: their order, their names."""

import math

from mdxdash.simulator.content.agenda import Agenda


def drain(agenda: Agenda, now: float) -> list[bytes]:
    taken = []
    while (output := agenda.take(now)) is not None:
        assert isinstance(output, bytes)
        taken.append(output)
    return taken


def test_outputs_come_in_order_of_time() -> None:
    agenda = Agenda()
    for time, output in ((2.0, b"b"), (1.0, b"a"), (3.0, b"c")):
        agenda.put(time, output)
    assert drain(agenda, 2.0) == [b"a", b"b"]
    assert agenda.next_time() == 3.0


def test_outputs_of_one_time_come_in_the_order_in_which_they_were_put() -> None:
    agenda = Agenda()
    for output in (b"z", b"a", b"m"):
        agenda.put(1.0, output)
    assert drain(agenda, 1.0) == [b"z", b"a", b"m"]


def test_nothing_is_due_before_its_time() -> None:
    agenda = Agenda()
    agenda.put(1.0, b"a")
    assert agenda.take(0.999) is None
    assert agenda.take(1.0) == b"a"


def test_an_empty_agenda_is_never_due() -> None:
    assert Agenda().next_time() == math.inf
    assert Agenda().take(math.inf) is None


def test_a_second_entry_of_a_name_replaces_the_first() -> None:
    agenda = Agenda()
    agenda.put(1.0, b"first", "timer")
    agenda.put(2.0, b"second", "timer")
    assert agenda.next_time() == 2.0
    assert drain(agenda, 9.0) == [b"second"]


def test_a_dropped_entry_does_not_come() -> None:
    agenda = Agenda()
    agenda.put(1.0, b"a", "timer")
    agenda.put(2.0, b"b")
    assert "timer" in agenda
    assert agenda.drop("timer")
    assert not agenda.drop("timer")
    assert "timer" not in agenda
    assert agenda.next_time() == 2.0


def test_a_name_ends_with_its_output() -> None:
    agenda = Agenda()
    agenda.put(1.0, b"a", "timer")
    agenda.put(2.0, b"b", "motion")
    assert agenda.names() == ["timer", "motion"]
    agenda.take(1.0)
    assert agenda.names() == ["motion"]
    assert not agenda.drop("timer")
