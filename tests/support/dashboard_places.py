"""Where the focus can be in the dashboard: each pane, each field, each dialog; and what of the
dashboard a key can change there."""

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

import mdxdash.tui
from mdxdash.alerts.alert import Alert
from mdxdash.catalog.explanation import explain
from mdxdash.dialogue.comparison import Comparison
from mdxdash.events.event import Event
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.key_actions import typed_character
from mdxdash.tui.screens.comparing.two_sessions import Compared, TwoSessionsScreen
from mdxdash.tui.screens.dialogs.dialog import Dialog
from mdxdash.tui.screens.explain_screen import ExplainScreen
from mdxdash.tui.screens.hubs import HubsScreen
from mdxdash.tui.screens.lost_agent import LostAgentScreen
from mdxdash.tui.screens.older_events import OlderScreen
from mdxdash.tui.widgets.key_footer import KeyFooter
from mdxdash.tui.widgets.lists.row_list import RowList
from tests.support.apps import keys_done
from tests.support.changed_dialogues import without
from tests.support.dialogues import Followed, recorded_events
from tests.support.fleet_scene import say_presence
from tests.support.fleet_scene import watch as fleet_watch
from tests.support.recorded import RECORDINGS
from tests.support.waiting import GUARD

MORE_MACROS: Final = """
[[macro]]
name = "Asks"
key = "3"
params = { what = "x" }
send = "A|{what}"
"""

Place = tuple[str, ...] | Callable[[MdxdashApp], Screen[object]]
"""The keys that go there from the stream, or what makes the screen."""


class _Opening(tuple[str, ...]):
    """Keys that open a screen, which may take a while."""


def _older(app: MdxdashApp) -> Screen[object]:
    log = app.context.log

    def older(start: int, stop: int) -> list[Event]:
        return list(log.slice(start, stop))

    screen = OlderScreen(older, log, lambda event: True, app.context.now, "en")
    screen._before = screen._read_from = screen._in_memory_from = 10
    return screen  # type: ignore[return-value]


def _lost(app: MdxdashApp) -> Screen[object]:
    async def write(alert: Alert) -> None:
        app.notify("written")

    event = app.context.log[5]
    return LostAgentScreen(Alert(event, "lost"), write, log=app.context.log, now=app.context.now)  # type: ignore[return-value]


def _explained(app: MdxdashApp) -> Screen[object]:
    return ExplainScreen(explain("SYNTH_START"))  # type: ignore[return-value]


def _compared(app: MdxdashApp) -> Screen[object]:
    events = recorded_events(RECORDINGS / "dialogue.jsonl")
    old, new = Followed(without(events, {3})).turns, Followed(events).turns
    return TwoSessionsScreen(Compared(Comparison(old, new), "old.jsonl", "this session"), None)  # type: ignore[return-value]


def _hubs(app: MdxdashApp) -> Screen[object]:
    here = fleet_watch()
    say_presence(here, "room-1", "chat", "lobby", at=time.time())
    return HubsScreen(here)  # type: ignore[return-value]


PLACES: Final[Mapping[str, Place]] = {
    "stream": (),
    "held stream": ("up", "up", "up"),
    "find": ("ctrl+f",),
    "find with hits": ("ctrl+f", *"SYNTH", "enter"),
    "rows with hits": ("ctrl+f", *"SYNTH", "enter", "tab"),
    "event": _Opening(("up", "enter")),
    "go to time": _Opening(("at",)),
    "conversation": ("C",),
    "user line": ("d",),
    "timeline": ("T",),
    "agents": ("a",),
    "types": ("t",),
    "macros": ("m",),
    "a macro that runs": ("1", "m"),
    "detail": ("i",),
    "filter": ("slash",),
    "composer": ("c",),
    "composer with suggestions": ("c", "S"),
    "composer with a line": ("c", *"TEST_MESSAGE"),
    "several lines": ("c", "ctrl+e"),
    "help": _Opening(("question_mark",)),
    "search in help": ("question_mark", "slash"),
    "connections": _Opening(("v",)),
    "statistics": _Opening(("z",)),
    "export": _Opening(("X",)),
    "watches": _Opening(("p",)),
    "compare": _Opening(("D",)),
    "columns": _Opening(("O",)),
    "runs": _Opening(("u",)),
    "explain": _explained,
    "quit": _Opening(("q",)),
    "older events": _older,
    "lost agent": _lost,
    "two sessions": _compared,
    "hubs": _hubs,
    "macro form": _Opening(("m", "plus")),
    "macro editor": _Opening(("m", "ctrl+e")),
    "parameters": _Opening(("3",)),
    "ready-made macros": _Opening(("m", "l")),
    "delete": _Opening(("m", "delete")),
}


def unvisited(visited: Iterable[type[object]]) -> set[str]:
    """Returns the names of the screens of the package that are not among these types."""
    for module in pkgutil.walk_packages(mdxdash.tui.__path__, "mdxdash.tui."):
        importlib.import_module(module.name)
    return {each.__name__ for each in _kinds(Dialog) if not each.__subclasses__()} - {
        each.__name__ for each in visited
    }


def _kinds(of: type[object]) -> set[type[object]]:
    return {of} | {kind for each in of.__subclasses__() for kind in _kinds(each)}


class Visitor:
    """Goes to places, presses keys there, and sees what comes of it."""

    def __init__(
        self, app: MdxdashApp, pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.app = app
        self.pilot = pilot
        self._ended: list[str] = []

        async def end() -> None:
            self._ended.append("quit")

        monkeypatch.setattr(app.dashboard, "quit_unasked", end)
        monkeypatch.setattr(app.dashboard, "leave_hub", lambda: self._ended.append("detach"))

    async def go_to(self, place: Place) -> None:
        """Goes to a place from wherever it is."""
        app = self.app
        while len(app.screen_stack) > 1:
            await app.pop_screen()
        app.clear_notifications()
        app.context.runner.stop_all()
        app.dashboard.filter_bar.text = ""
        app.dashboard.composer.write([])
        app.dashboard.composer._show_several(False)
        app.context.log.marked.clear()
        app.dashboard.stream.view.uncover()
        app.dashboard.find_line.end()
        await app.dashboard.action_view("events")
        app.dashboard.stream.move_cursor(20)
        app.dashboard.stream.follow()
        await self.settle()
        if callable(place):
            await app.push_screen(place(app))
        else:
            for key in place:
                await self.press(key)
        deadline = time.monotonic() + GUARD
        while isinstance(place, _Opening) and len(app.screen_stack) == 1:
            assert time.monotonic() < deadline, f"{place} opened nothing"
            await self.pilot.pause(0.01)
        await self.settle()

    async def settle(self) -> None:
        """Waits until nothing more comes of what was done."""
        for field in self.app.screen.query(Input):
            field.cursor_blink = False
        await self.pilot.pause(0.03)
        while not self.app.screen.query(KeyFooter):
            await self.pilot.pause()

    async def press(self, key: str) -> None:
        """Presses a key. Not with the pilot, which waits for animations."""

        self.app.post_message(Key(key, typed_character(key)))
        await self.pilot.pause(0.02)
        await keys_done(self.pilot)

    def seen(self) -> tuple[object, ...]:
        """What a key can change."""
        app = self.app
        strips = app.screen._compositor.render_strips(app.size)
        runner = app.context.runner
        return (
            [strip.text for strip in strips],
            [type(screen) for screen in app.screen_stack],
            app.focused,
            [(rows.cursor, rows.scroll_offset) for rows in app.screen.query(RowList)],
            [field.value for field in app.screen.query(Input)],
            [area.text for area in app.screen.query(TextArea)],
            [notification.message for notification in app._notifications],
            app.dashboard.stream.following,
            app.clipboard,
            [runner.is_running(macro) for macro in runner.macros],
            [runner.tally(macro) for macro in runner.macros],
            list(self._ended),
        )
