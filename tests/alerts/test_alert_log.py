"""Which events are alerts, in which order they are gone through, and what was seen."""

from typing import Any

import pytest

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.alert_log import KEPT, AlertLog
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import GONE_BEFORE_SENT
from mdxdash.hub.sockets.endings import ENDED_BY_HUB
from mdxdash.macros.running.run_log import RunRecord


@pytest.fixture
def log() -> EventLog:
    return EventLog()


def kinds(alerts: AlertLog) -> list[str]:
    return [alert.kind for alert in alerts.alerts]


def test_what_goes_wrong_is_an_alert_and_ordinary_traffic_is_none(log: EventLog) -> None:
    alerts = AlertLog(log)
    log.append("connected", "chat")
    log.append("received", "chat", "RECOG_EVENT_STOP", "hello")
    log.append("log", "chat", text="cannot load", level="Error")
    log.lose(log.append("sent", "chat", "SYNTH_START", "0|v|x").seq)
    log.append("refused", text="a web page")
    log.append("fault", "chat", text="no sign of life")
    log.append("fault", "chat", text="macro M: step 1", by="macro")
    log.append("fault", "chat", text="the answer took 2.00 s", by="dialogue")
    log.append("disconnected", "chat", text="closed")
    assert kinds(alerts) == ["no echo", "refused", "fault", "macro", "late", "lost"]
    assert sum(alerts.unseen.values()) == 6


def test_events_that_were_there_before_are_taken(log: EventLog) -> None:
    log.append("fault", text="early")
    assert kinds(AlertLog(log)) == ["fault"]


def test_an_acknowledged_message_is_no_alert(log: EventLog) -> None:
    alerts = AlertLog(log)
    log.acknowledge(log.append("sent", "chat", "SYNTH_START").seq, 0.01)
    assert not alerts.alerts


@pytest.mark.parametrize(
    "ended",
    [
        {"agent": "chat", "text": ENDED_BY_HUB},
        {"agent": "chat", "text": "closed by the server with code 1000", "via": "server"},
        {"text": "tap from 127.0.0.1:1: closed by the agent with code 1000", "by": "tap"},
        {"text": "tap from 127.0.0.1:1: closed by the agent with code 1000"},  # older recordings
    ],
)
def test_ends_by_mdxdash_of_the_upstream_and_at_the_tap_are_no_lost_agent(
    log: EventLog, ended: dict[str, Any]
) -> None:
    alerts = AlertLog(log)
    log.append("disconnected", **ended)
    assert not alerts.alerts


def test_what_belongs_to_a_loss_is_no_alert_of_its_own(log: EventLog) -> None:
    alerts = AlertLog(log)
    log.append("refused", "chat", "MOTION_ADD", "0|x", text=GONE_BEFORE_SENT)
    log.append("fault", "chat", text="the connection broke")
    log.append("disconnected", "chat", text="the connection broke")
    assert kinds(alerts) == ["lost"]
    assert dict(alerts.unseen) == {"lost": 1}


def test_a_loss_knows_what_was_left_undone(log: EventLog) -> None:
    runs = [
        RunRecord("Greet", "chat", 0, 0),
        RunRecord("Over", "chat", 0, 0, state="passed"),
        RunRecord("Other", "chat-1", 0, 0),
    ]
    alerts = AlertLog(log, runs)
    log.append("received", "chat", "RECOG_EVENT_STOP", "hello")
    log.lose(log.append("sent", "chat", "SYNTH_START", "0|v|x").seq)
    log.append("received", "chat-1", "OTHER")
    log.append("disconnected", "chat", text="closed")
    loss = alerts.lost_agents[0].loss
    assert loss is not None and loss.after is not None
    assert loss.after.type == "SYNTH_START"
    assert (loss.unanswered, loss.macros) == (1, ("Greet",))
    assert [event.kind for event in loss.recent] == ["received", "sent", "disconnected"]


def test_an_agent_that_returns_was_lost_all_the_same(log: EventLog) -> None:
    alerts = AlertLog(log)
    log.append("disconnected", "chat", text="closed", time=100.0)
    log.append("connected", "chat", time=103.5)
    (lost,) = alerts.lost_agents
    assert lost.loss is not None and lost.loss.back_after == 3.5


def test_the_next_is_the_newest_unseen_then_older_ones_then_the_newest_again(log: EventLog) -> None:
    alerts = AlertLog(log)
    seqs = [log.append("fault", text=str(number)).seq for number in range(3)]
    found, at = [], None
    for _ in range(7):
        alert = alerts.next_after(at)
        assert alert is not None
        at = alert.seq
        alerts.see(at)
        found.append(at)
    a, b, c = seqs
    assert found == [c, b, a, c, b, a, c]


def test_seeing_is_told_once_and_removes_it_from_the_numbers(log: EventLog) -> None:
    alerts = AlertLog(log)
    seen: list[int] = []
    alerts.subscribe_seen(seen.append)
    fault = log.append("fault", text="x").seq
    alerts.see(fault)
    alerts.see(fault)
    assert seen == [fault]
    assert alerts.is_seen(fault)
    assert not alerts.unseen


def test_seeing_a_loss_sees_the_earlier_ones_of_that_agent_only(log: EventLog) -> None:
    alerts = AlertLog(log)
    log.append("disconnected", "chat", text="closed")
    other = log.append("disconnected", "chat-1", text="closed").seq
    latest = log.append("disconnected", "chat", text="closed").seq
    assert [alert.seq for alert in alerts.lost_agents] == [other, latest]
    alerts.see(latest)
    assert [alert.seq for alert in alerts.unseen_alerts] == [other]


def test_the_number_is_exact_where_more_came_than_are_kept(log: EventLog) -> None:
    alerts = AlertLog(log)
    for _ in range(KEPT + 5):
        log.append("refused", text="x")
    assert len(alerts) == KEPT
    assert alerts.unseen["refused"] == KEPT + 5
    alerts.see_all()
    assert not alerts.unseen


def test_a_listener_is_called_with_each_new_alert_until_it_leaves(log: EventLog) -> None:
    alerts = AlertLog(log)
    found: list[Alert] = []
    leave = alerts.subscribe(found.append)
    log.append("fault", text="x")
    leave()
    log.append("fault", text="y")
    assert [alert.event.text for alert in found] == ["x"]


def test_what_was_seen_elsewhere_is_taken_over_as_far_as_it_was_known_there(log: EventLog) -> None:
    alerts = AlertLog(log)
    for _ in range(4):
        log.append("fault", text="x")
    seen: list[int] = []
    alerts.subscribe_seen(seen.append)
    alerts.see_all_but({2}, 4)
    assert [alert.seq for alert in alerts.unseen_alerts] == [2, 4]
    assert seen == [1, 3]
