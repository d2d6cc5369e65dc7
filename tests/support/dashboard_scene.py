"""A fixed scene for snapshots: the same agents, events and clock every time."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mdxdash.events.event import By
from mdxdash.events.log import EventLog
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.interface import Delivery, Handshake, Presence
from mdxdash.hub.refusals import RefusalCount
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.settings.model import ScreenSettings
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.app_context import AppContext
from mdxdash.wire.message import Message
from tests.support.apps import dashboard_app
from tests.support.hostile_text import HOSTILE

NOW = 1_795_404_600.0
"""The scene's clock stands still here."""

MACROS = """\
[[macro]]
name = "Test message"
key = "1"
every = "2s"
send = "TEST_MESSAGE"

[[macro]]
name = "ミクの挨拶"
key = "2"
send = ["MOTION_ADD|0|greet|greet.vmd|PART|ONCE", "SYNTH_START|0|mei_voice_normal|こんにちは"]
target = "chat"
"""

SAID = [
    ("received", "PLUGIN_EVENT_ENABLE", "Remote"),
    ("received", "MODEL_EVENT_ADD", "0"),
    ("received", "RECOG_EVENT_START", ""),
    ("received", "RECOG_EVENT_STOP", "こんにちは、図書館への行き方を教えてください"),
    ("received", "MOTION_ADD", "0|action|motions/guide.vmd|PART|ONCE"),
    ("sent", "SYNTH_START", "0|mei_voice_normal|図書館は、正門を入って左側にあります。"),
    ("received", "SYNTH_EVENT_START", "0"),
    ("received", "CURRENT_TIME", "12|30"),
    ("received", "VALUE_EVENT_SET", "score"),
    ("sent", "TEST_MESSAGE", ""),
    ("received", "SYNTH_EVENT_STOP", "0"),
    ("received", "KEYS_OF_CONTENT", "[bold]x[/bold]|\x1b[31m|\u202e右から左"),
]


HEADERS = (("Host", "localhost:9001"), ("X-App-Type", "MMDAgent"))


class StillAgent(HubAgent):
    """An agent without a connection, in a given state."""

    presence: Presence = "connected"

    @property
    def state(self) -> Presence:
        return self.presence

    @property
    def connected(self) -> bool:
        return self.presence != "gone"


class StillHub:
    """A hub that listens nowhere."""

    url = "ws://localhost:9001/chat"
    mdf_lines = (
        "Plugin_Remote_Websocket_Host=localhost",
        "Plugin_Remote_Websocket_Port=9001",
        "Plugin_Remote_Websocket_Directory=/chat",
        "Plugin_Remote_RetryCount=100000",
    )

    full_mdf_lines = mdf_lines
    groups: Mapping[str, Sequence[str]] = {}
    unsafe = False
    refusals: Sequence[RefusalCount] = ()

    def __init__(self, agents: Sequence[StillAgent]) -> None:
        self.agents = agents

    @property
    def connected(self) -> Sequence[HubAgent]:
        return [agent for agent in self.agents if agent.connected]

    def targets(self, target: str | None) -> Sequence[HubAgent]:
        return self.connected

    def send(
        self, message: Message, target: str | None = None, *, sure: bool = False, by: By = ""
    ) -> Delivery:
        return Delivery(refused=("W101 the line is empty; a message is TYPE or TYPE|arg|arg",))

    def stop_speech(self, target: str | None = None) -> int:
        return 0


def scene(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    empty: bool = False,
    ascii_signs: bool = False,
) -> MdxdashApp:
    """The app with the scene in it; `empty` leaves out agents and events."""
    return dashboard_app(scene_context(tmp_path, monkeypatch, empty=empty, ascii_signs=ascii_signs))


def scene_context(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    empty: bool = False,
    ascii_signs: bool = False,
) -> AppContext:
    """What the app with the scene works with."""
    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()
    monkeypatch.setattr(time, "time", lambda: NOW)
    log = EventLog()
    agents = [] if empty else still_agents(log)
    if not empty:
        fill(log)
    file = tmp_path / "mdxdash.toml"
    file.write_text(MACROS, encoding="utf-8")
    macro_file = MacroFile(file)
    macro_file.refresh()
    hub = StillHub(agents)
    return AppContext(
        log,
        hub,
        macro_file,
        MacroRunner(hub, log, macro_file.macros),
        recording=lambda: "" if empty else "● REC 1,234",
        screen=ScreenSettings(ascii=ascii_signs),
    )


def hostile_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MdxdashApp:
    """The scene, and whoever speaks in it means harm."""
    context = scene_context(tmp_path, monkeypatch, empty=True)
    log = context.log
    agent = StillAgent(HOSTILE, "/chat", log, HubSettings())
    agent.handshake = Handshake("127.0.0.1:50234", HOSTILE, (("X-App-Type", HOSTILE),))
    agent.connected_at = agent.last_seen_at = NOW - 751
    context.hub.agents.append(agent)  # type: ignore[attr-defined]
    for at, kind in ((60, "connected"), (59, "fault"), (2, "disconnected")):
        log.append(kind, HOSTILE, text=HOSTILE, time=NOW - at)  # type: ignore[arg-type]
    for agent_name, type_, args, text in (
        ("", "", "", HOSTILE),
        (HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    ):
        log.append("refused", agent_name, type_, args, text=text, time=NOW - 2)
    log.append("log", HOSTILE, text=HOSTILE, module=HOSTILE, level="Error", time=NOW - 1)
    for type_ in (HOSTILE, "[bold]x[/bold]", "SYNTH_START"):
        log.append("received", HOSTILE, type_, HOSTILE, size=9, time=NOW - 1)
    return dashboard_app(context)


def still_agents(log: EventLog) -> list[StillAgent]:
    here = StillAgent("chat", "/chat", log, HubSettings())
    here.handshake = Handshake("127.0.0.1:50234", "/chat", HEADERS)
    here.connected_at, here.last_seen_at = NOW - 751, NOW - 1
    here.counts.received, here.counts.sent = 12_304, 33
    here.counts.frames_in, here.counts.bytes_in = 12_304, 524_288
    here.counts.frames_out, here.counts.bytes_out, here.counts.lost = 31, 1_280, 3
    here.counts.round_trips.extend([0.004, 0.009, 0.031, *(0.012 for _ in range(27))])
    for name in ("gene", "0"):
        here.known.observe("MODEL_EVENT_ADD", name)
    gone = StillAgent("chat-1", "/chat-1", log, HubSettings())
    gone.presence, gone.gone_at, gone.counts.received = "gone", NOW - 45, 87
    gone.handshake = Handshake("127.0.0.1:50236", "/chat-1", HEADERS)
    return [here, gone]


def fill(log: EventLog) -> None:
    text = "127.0.0.1:50234 /chat"
    log.append("connected", "chat", text=text, time=NOW - 60)
    log.append("connected", "chat-1", text="127.0.0.1:50236 /chat-1", time=NOW - 58)
    cause = "connection from 127.0.0.1:50300: a web page of http://example.com (Origin)"
    log.append("refused", text=cause, time=NOW - 50)
    cause = "closed by the agent with code 1000"
    log.append("disconnected", "chat-1", text=cause, time=NOW - 45)
    for index in range(36):
        kind, type_, args = SAID[index % len(SAID)]
        at = NOW - 40 + index * 1.0625
        log.append(kind, "chat", type_, args, size=20 + len(args), time=at)  # type: ignore[arg-type]
        if index == 33:
            log.lose(log.next_seq - 1)
        elif kind == "sent":
            log.acknowledge(log.next_seq - 1, 0.0118)
    log.append(
        "log",
        "chat",
        text='cannot load file "nosuch.vmd"',
        module="MMDAgent",
        level="Error",
        agent_time="2026/11/23 03:29:58.500",
        size=90,
        time=NOW - 1.5,
    )
    reason = "W104 A|xxxx…: 5,002 bytes, at most 2,000 are sent"
    log.append("refused", "chat", "A", "x" * 40, text=reason, time=NOW - 1)
