"""The text of a lost agent."""

from mdxdash.alerts.alert import Alert, Loss, loss_text
from mdxdash.events.event import Event
from mdxdash.events.text import clock


def lost(loss: Loss | None, text: str = "closed") -> Alert:
    return Alert(Event(9, 1000.0, "disconnected", "chat", text=text), "lost", loss)


def test_it_says_after_what_and_what_was_left_undone() -> None:
    after = Event(8, 999.0, "sent", "chat", "SYNTH_START", "0|v|x")
    loss = Loss(after, 3, ("Greet", "Walk", "Sing", "Wait"), (), back_after=4.25)
    assert loss_text(lost(loss)) == (
        f"chat lost at {clock(1000.0)[:8]} after SYNTH_START: 3 messages unanswered, "
        "4 macros were running (Greet, Walk, Sing, …), closed; back after 4.2 s"
    )


def test_one_is_no_plural_and_nothing_is_not_told() -> None:
    head = f"chat lost at {clock(1000.0)[:8]}"
    assert loss_text(lost(Loss(None, 1, ("M",), ()))) == (
        f"{head}: 1 message unanswered, 1 macro was running (M), closed"
    )
    assert loss_text(lost(Loss(None, 0, (), ()))) == f"{head}: closed"


def test_what_came_from_the_network_is_inert() -> None:
    assert "\x1b" not in loss_text(lost(Loss(None, 0, (), ()), "\x1b[31m"))
