"""The text of a lost agent, and what may have happened to it."""

import socket
import struct
import sys

import pytest
from websockets.frames import Opcode

from mdxdash.alerts.alert import Alert, Loss, loss_meaning, loss_text
from mdxdash.events.event import Event
from mdxdash.events.text import clock
from tests.support.hub_clients import open_silent_agent, running_hub
from tests.support.raw_connections import frame
from tests.support.waiting import logged


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


@pytest.mark.parametrize(
    ("end", "says", "means"),
    [
        ("nothing", "connection lost without a close frame", "it never sends a close frame"),
        ("reset", "connection lost: ", "it never sends a close frame"),
        ("close frame", "closed by the agent with code 1000 (bye)", "It ended the connection"),
    ],
)
async def test_each_way_in_which_a_connection_ends_has_its_meaning(
    end: str, says: str, means: str
) -> None:
    async with running_hub() as hub:
        _, writer = await open_silent_agent(hub)
        match end:
            case "reset":
                linger = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)
                end_of = writer.get_extra_info("socket")
                end_of.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            case "close frame":
                writer.write(frame(b"\x03\xe8bye", Opcode.CLOSE))
                await writer.drain()
        writer.transport.close()
        event = await logged(hub.log, lambda event: event.kind == "disconnected")
        assert event.text.startswith(says)
        assert means in loss_meaning(Alert(event, "lost"))


def test_an_end_that_says_what_it_was_has_no_meaning_besides() -> None:
    assert loss_meaning(lost(None, "a frame over 64 KiB: the connection was cut")) == ""
