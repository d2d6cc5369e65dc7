"""The real app under Pilot, with a real hub on a free port and the real simulator."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from textual.pilot import Pilot

from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.remote.session_macros import SessionMacros, SwitchedOn
from mdxdash.remote.session_watches import SessionWatches
from mdxdash.settings.sent_history import SentHistory
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.simulator import Simulator
from mdxdash.simulator.behavior import Behavior
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.dashboard.screen import DashboardScreen
from tests.support.apps import dashboard_app, loaded, press, screen_text
from tests.support.waiting import GUARD


@dataclass
class Dashboard:
    """A running dashboard and the means to drive it."""

    app: MdxdashApp
    pilot: Pilot[None]
    hub: HubServer
    log: EventLog
    agents: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def panes(self) -> DashboardScreen:
        """The screen with the panes."""
        return self.app.dashboard

    async def until(self, condition: Callable[[], object]) -> None:
        """Lets the app go on until something is so."""
        deadline = time.monotonic() + GUARD
        while not condition():
            assert time.monotonic() < deadline, f"it never came:\n{self.screen()}"
            await self.pilot.pause(0.01)

    async def mounted(self) -> None:
        """Waits until the panes are there and take keys."""
        await loaded(self.app, self.pilot)
        await self.until(lambda: self.app.focused is self.panes.stream)

    async def agent(self, path: str = "/chat", behavior: Behavior | None = None) -> Simulator:
        """A simulated agent, connected; without a behavior of its own it only echoes."""
        before = len(self.hub.connected)
        simulator = Simulator(f"ws://localhost:{self.hub.port}{path}", behavior=behavior)
        self.agents.append(asyncio.create_task(simulator.run()))
        await self.until(lambda: len(self.hub.connected) > before)
        return simulator

    async def issue(self, simulator: Simulator, *lines: str) -> None:
        """Lets an agent issue messages, and waits until they are in the stream."""
        before = self.log.next_seq
        for line in lines:
            simulator.issue(line)
        await self.until(lambda: self.log.next_seq >= before + len(lines))
        await self.until(lambda: self.panes.stream.view.complete)

    async def press(self, *keys: str) -> None:
        """Presses keys, one after the other has had its effect."""
        await press(self.pilot, *keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Types a text."""
        await self.press(*("space" if character == " " else character for character in text))

    async def end_agents(self) -> None:
        """Ends the connections of all agents."""
        for agent in self.agents:
            agent.cancel()
        await asyncio.gather(*self.agents, return_exceptions=True)

    def rows(self) -> list[str]:
        """The types that the stream shows, from the top."""
        view = self.panes.stream.view
        return [view.event_at(row).type for row in range(len(view))]

    def stream_lines(self) -> list[str]:
        """The lines of the stream as they stand on the screen, without its scroll bar."""
        region = self.panes.stream.scrollable_content_region
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return [
            strip.crop(region.x, region.right).text for strip in strips[region.y : region.bottom]
        ]

    def notified(self, text: str) -> bool:
        """Whether a notification that still stands holds a text; they are not drawn in tests."""
        return any(text in notification.message for notification in self.app._notifications)

    def screen(self) -> str:
        """What stands on the screen."""
        return screen_text(self.app)


@asynccontextmanager
async def running_dashboard(
    tmp_path: Path,
    *,
    size: tuple[int, int] = (160, 45),
    macros: str | None = None,
    groups: Mapping[str, Sequence[str]] = MappingProxyType({}),
    relay: str | None = None,
    log: EventLog | None = None,
    keys: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> AsyncIterator[Dashboard]:
    """A dashboard with nobody connected; `macros` is the text of its file."""
    file = tmp_path / "mdxdash.toml"
    if macros is not None:
        file.write_text(macros, encoding="utf-8")
    log = EventLog() if log is None else log
    hub = HubServer(HubSettings(port=0, relay=relay), log, groups)
    macro_file = MacroFile(file)
    macro_file.refresh()
    session = SessionMacros(hub, log, macro_file, SwitchedOn())
    watches = SessionWatches(log, groups, file)
    context = AppContext(
        log,
        hub,
        macro_file,
        session.runner,
        services=[hub, session.running(), watches.running()],
        history=SentHistory(tmp_path / "history.txt"),
        watches=lambda: watches.states,
        watch_file=watches.file,
        keys=keys,
    )
    app = dashboard_app(context)
    async with app.run_test(size=size) as pilot:
        dashboard = Dashboard(app, pilot, hub, log)
        await dashboard.mounted()
        await dashboard.until(lambda: hub.port != 0)
        try:
            yield dashboard
        finally:
            await dashboard.end_agents()
            await hub.close()
