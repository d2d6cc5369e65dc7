"""A hub's session at one moment, as another process needs it to go on."""

import msgspec

from mdxdash.alerts.watch_runner import WatchSnapshot
from mdxdash.hub.snapshot import HubSnapshot
from mdxdash.macros.running.snapshot import MacrosSnapshot
from mdxdash.recordings.journal import JournalSnapshot
from mdxdash.speech.snapshot import StreamSnapshot


class SessionSnapshot(msgspec.Struct, frozen=True):
    """A `HubSession` whose sockets are handed over beside it: those of the hub, in its order, and
    then the listening control socket, if it has one."""

    hub: HubSnapshot
    macros: MacrosSnapshot = MacrosSnapshot()
    journal: JournalSnapshot | None = None
    control: str = ""
    """The path of the control socket; empty where there is none."""
    name: str = ""
    released: bool = False
    """Whether it is to end when nobody has needed it for a while."""
    speech: tuple[StreamSnapshot, ...] | None = None
    """What agents speak; None where the old process is gone without a word."""
    watches: tuple[WatchSnapshot, ...] = ()
    """What watches have counted."""
    session_id: str = ""
