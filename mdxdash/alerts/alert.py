"""The alert: an event that must be noticed, and why."""

from typing import Final, Literal, get_args

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import clock
from mdxdash.hub.sockets.endings import (
    CLOSED_BY_AGENT,
    LOST_BY_ERROR,
    LOST_WITHOUT_CLOSE,
    is_one_of,
)
from mdxdash.language.translation import _, localized, ngettext

AlertKind = Literal["lost", "macro", "watch", "fault", "late", "no echo", "refused"]
"""Why an event must be noticed, the worst first:

* `lost`: the connection to an agent ended, and mdxdash did not end it.
* `macro`: a step of a macro failed, or a macro was switched off.
* `watch`: a watch has raised its alarm.
* `fault`: something else went wrong.
* `late`: the agent answered its user later than `[dialogue] answer_within`, or not at all.
* `no echo`: a sent message was not acknowledged in time.
* `refused`: a connection was turned away, or a message was not sent.
"""

ALERT_KINDS: Final[tuple[AlertKind, ...]] = get_args(AlertKind)
"""The worst first."""

_MACROS_NAMED: Final = 3
"""Macros that a text names; of more, the number is given."""


class Loss(msgspec.Struct, frozen=True):
    """The circumstances in which the connection to an agent ended."""

    after: Event | None
    """Its last message, received or sent; None if there was none."""
    unanswered: int
    """Messages of the last seconds that were not acknowledged, or did not leave any more."""
    macros: tuple[str, ...]
    """The names of the macros that were running on it."""
    recent: tuple[Event, ...]
    """Its last events, oldest first, that of the loss included."""
    back_after: float | None = None
    """Seconds after which it connected again; None: it has not."""


class Alert(msgspec.Struct, frozen=True):
    """An event that must be noticed."""

    event: Event
    kind: AlertKind
    loss: Loss | None = None
    """For `lost`: the circumstances."""

    @property
    def seq(self) -> int:
        """The number of its event, which is also its own: an event is one alert at most."""
        return self.event.seq


def alert_text(alert: Alert) -> str:
    """Returns what an alert says as one printable line."""
    event = alert.event
    if alert.kind == "lost":
        return loss_text(alert)
    message = f"{event.type}|{event.args}" if event.args else event.type
    text = f"{message}: {event.text}" if message and event.text else message or event.text
    return printable(_("no echo of {text}").format(text=text) if alert.kind == "no echo" else text)


def loss_meaning(alert: Alert) -> str:
    """Returns what may have happened to an agent that was lost, in a sentence; empty where its
    event says that already."""
    text = alert.event.text
    # A process that ends with something unread resets its connection (RFC 1122, 4.2.2.13), so an
    # error tells no more than a missing close frame.
    if is_one_of(text, LOST_WITHOUT_CLOSE, LOST_BY_ERROR):
        return _(
            "MMDAgent-EX was ended, was killed or has crashed, or the network failed: it never "
            "sends a close frame."
        )
    if is_one_of(text, CLOSED_BY_AGENT):
        return _("It ended the connection itself: not MMDAgent-EX, or another version of it.")
    return ""


def loss_text(alert: Alert) -> str:
    """Returns an alert `lost` as one printable line: `chat lost at 12:30:04 after SYNTH_START: 3
    messages unanswered, 2 macros were running (Greet, Walk)`."""
    loss, event = alert.loss, alert.event
    text = _("{agent} lost at {time}").format(agent=event.agent, time=clock(event.time)[:8])
    if loss is None:
        return printable(text)
    if loss.after is not None:
        text += _(" after {type}").format(type=loss.after.type)
    found = []
    if loss.unanswered:
        unanswered = loss.unanswered
        found.append(
            ngettext(
                "{unanswered:,} message unanswered",
                "{unanswered:,} messages unanswered",
                unanswered,
            ).format(unanswered=unanswered)
        )
    if loss.macros:
        named = ", ".join(loss.macros[:_MACROS_NAMED])
        more = ", …" if len(loss.macros) > _MACROS_NAMED else ""
        count = len(loss.macros)
        found.append(
            ngettext(
                "{count:,} macro was running ({named}{more})",
                "{count:,} macros were running ({named}{more})",
                count,
            ).format(count=count, named=named, more=more)
        )
    found.append(localized(event.text))
    text += ": " + ", ".join(filter(None, found))
    if loss.back_after is not None:
        text += _("; back after {back_after:.1f} s").format(back_after=loss.back_after)
    return printable(text)
