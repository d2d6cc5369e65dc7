"""The new process: takes over the hub of an old one, which goes on itself when that fails."""

import socket
from collections.abc import Callable
from typing import Final, NoReturn

import msgspec

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_
from mdxdash.remote.handover.messages import (
    VERSION,
    Begin,
    Channel,
    Events,
    Go,
    Going,
    HandOverFailed,
    Ready,
    Refused,
    Rest,
    Taken,
    decode_settings,
)
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.session_macros import SwitchedOn
from mdxdash.settings.model import Settings
from mdxdash.settings.rereading import Rereading, reread
from mdxdash.settings.toml_source import SettingsError
from mdxdash.version import __version__

_NEXT_WITHIN: Final = 60.0
"""Seconds between two messages of the old process, at most."""

MakeSession = Callable[[Settings, SwitchedOn, str], HubSession]
"""Makes the session of the new process from the settings, the macros that are switched on, and the
file of the recording, if there is one."""


class Successor:
    """The process that takes over."""

    def __init__(self, end: socket.socket, make: MakeSession) -> None:
        """`end` is this process's end of the pair of sockets."""
        self._channel = Channel(end)
        self._make = make

    async def take(self) -> HubSession:
        """Takes over. Returns the session, which was entered, and serves.

        Raises `HandOverFailed` when the old process is gone or goes on itself.
        """
        channel = self._channel
        begin = channel.receive(_NEXT_WITHIN)
        if not isinstance(begin, Begin):
            raise HandOverFailed(N_("the other process does not begin"))
        if begin.version != VERSION:
            self._refuse(
                N_(
                    "mdxdash {mdxdash} hands over in version {version}, "
                    "mdxdash {other} takes over in version {own}"
                ).format(
                    mdxdash=begin.mdxdash,
                    version=begin.version,
                    other=__version__,
                    own=VERSION,
                )
            )
        found = Rereading()
        try:
            settings = decode_settings(begin.settings)
            if begin.reads_settings:
                settings, found = reread(settings)
            session = self._make(settings, begin.switched_on, begin.record_file)
        except msgspec.DecodeError as error:
            self._refuse(N_("a setting is not known here: {error}").format(error=error))
        except SettingsError as error:
            self._refuse(str(error))
        if begin.reads_settings and (wrong := session.macro_file.error) is not None:
            self._refuse(str(wrong))
        channel.send(Ready(__version__, found))
        rest = self._receive_events(session.log, begin.first_seq)
        if rest.unseen is not None:
            session.alerts.see_all_but(rest.unseen, session.log.next_seq)
        sockets = channel.receive_sockets(rest.sockets)
        session.adopt(rest.session, sockets)
        try:
            await session.__aenter__()
        except Exception as error:
            self._refuse(str(error))
        channel.send(Taken())
        if not isinstance(channel.receive(_NEXT_WITHIN), Go):
            raise HandOverFailed(N_("the other process goes on itself"))
        # Nothing is read before this is sent, since the event loop does not run in between.
        session.go_on()
        channel.send(Going())
        channel.close()
        return session

    def _receive_events(self, log: EventLog, first_seq: int) -> Rest:
        log.skip_to(first_seq)
        while isinstance(message := self._channel.receive(_NEXT_WITHIN), Events):
            _extend(log, message.events)
        if not isinstance(message, Rest):
            raise HandOverFailed(N_("the other process does not go on"))
        _extend(log, message.events)
        for changed in message.changed:
            if changed.round_trip is not None:
                log.acknowledge(changed.seq, changed.round_trip)
            elif changed.lost:
                log.lose(changed.seq)
        log.restore_counts(message.counts, log.next_seq)
        log.restore_marks(message.marked)
        return message

    def _refuse(self, reason: str) -> NoReturn:
        self._channel.send(Refused(reason))
        raise HandOverFailed(reason)


def _extend(log: EventLog, events: tuple[Event, ...]) -> None:
    if events:
        log.skip_to(events[0].seq)  # some have left the old process's memory meanwhile
        log.extend(events)
