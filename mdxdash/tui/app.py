"""The app: its first picture, the terminal it is shown in, and its ends. What it shows besides is
the dashboard's (`tui.dashboard`), which is loaded when the first picture is there.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, events, on, work
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from mdxdash.events.printable import printable
from mdxdash.language.translation import _, localized
from mdxdash.tui.drawing_delay import draw_soon
from mdxdash.tui.first_picture import Draw, FirstPicture
from mdxdash.tui.key_settings.keymap import NO_KEYS, GivenKeys, shown_key, use_keys
from mdxdash.tui.keys import KEYS
from mdxdash.tui.screen_filters import NO_COLOR_THEME, screen_filters
from mdxdash.tui.terminal_driver import TerminalDriver, TerminalLost
from mdxdash.tui.themes import ReadableColours
from mdxdash.tui.type_ahead import TypeAheadApp

if TYPE_CHECKING:  # the first picture does not wait for them
    from mdxdash.tui.app_context import AppContext
    from mdxdash.tui.dashboard.screen import DashboardScreen

MakeScreen = Callable[["MdxdashApp"], "DashboardScreen"]

_OF_APP = ("quit", "command_palette", "help_quit")
"""The actions that are the app's own."""

_LOADED = "dashboard"
"""The mode, which is Textual's word for a stack of screens: the first screen of an app cannot be
switched for another one (8.2)."""

_HELD_MOST = 1_000
"""Keys that wait for the dashboard at most."""


Act = Callable[["DashboardScreen"], object]
"""Something that the dashboard does; what it returns is awaited if it can be."""


class MdxdashApp(TypeAheadApp[None]):
    """The control room of MMDAgent-EX."""

    TITLE = "mdxdash"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (60, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (14, "-low"), (30, "-high")]  # noqa: RUF012

    COMMANDS = set()  # noqa: RUF012  those of the dashboard are the dashboard's
    BINDINGS: ClassVar[list[BindingType]] = [
        each for each in KEYS if isinstance(each, Binding) and each.action in _OF_APP
    ]

    def __init__(
        self,
        load: Callable[[], MakeScreen],
        draw: Draw,
        *,
        theme: str | None = None,
        keys: GivenKeys = NO_KEYS,
        ascii_signs: bool = False,
    ) -> None:
        """
        * `load`: imports and builds what the dashboard works with; returns what makes its screen.
          It is called in a thread, when the first picture is there. If it raises SystemExit, it has
          reported why, and the app ends with that code.
        * `draw`: draws the first picture.
        * `theme`: the name of a theme to begin with.
        * `keys`: other keys of the actions, which were checked.
        * `ascii_signs`: `[screen] ascii`.
        """
        draw_soon()
        super().__init__()
        use_keys(self, keys)
        self._load = load
        self._draw = draw
        self._wanted_theme = theme
        self._ascii_signs = ascii_signs
        self._dashboard: DashboardScreen | None = None
        self.loaded = asyncio.Event()
        """Set when there is a `dashboard`."""
        self._held: list[events.Key | events.Paste | Act] | None = []
        """What was typed before the dashboard was there, and what it was to do; None since then."""
        self._readable_colours = ReadableColours(lambda: self.theme_variables["accent"])

    @property
    def dashboard(self) -> "DashboardScreen":
        """The screen with all panes. To be asked for only when it is `loaded`."""
        assert self._dashboard is not None, "it is not loaded"
        return self._dashboard

    @property
    def context(self) -> "AppContext":
        """What the dashboard works with. To be asked for only when it is `loaded`."""
        return self.dashboard.context

    # The beginning

    def get_default_screen(self) -> Screen[Any]:
        """Returns the first picture."""
        return FirstPicture(self._draw)

    def on_mount(self) -> None:
        if self.no_color:
            self.theme = NO_COLOR_THEME
        else:
            if self._wanted_theme in self.available_themes:
                self.theme = self._wanted_theme or self.theme
            self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.call_after_refresh(self._load_dashboard)

    @work(group="load")
    async def _load_dashboard(self) -> None:
        try:
            # In a thread: meanwhile keys and signals are taken, and wait for the dashboard.
            make_screen = await asyncio.to_thread(self._load)
        except SystemExit as ended:
            self.exit(return_code=ended.code if isinstance(ended.code, int) else 1)
            return
        self._dashboard = dashboard = make_screen(self)
        self.add_mode(_LOADED, lambda: dashboard)
        with self.batch_update():
            await self.switch_mode(_LOADED)
        self.loaded.set()
        self.call_later(self._catch_up)

    async def _catch_up(self) -> None:
        """Does what was wanted meanwhile, before any later key. A key goes where it was meant to
        go: not into a dialog that was asked for after it."""
        held, self._held = self._held or [], None
        for each in held:
            if isinstance(each, events.Event):
                await self.on_event(each)
            else:
                await self.after_keys(partial(self._let, each))

    async def _let(self, act: Act) -> None:
        """Lets the dashboard do something: now, or when it is there."""
        if self._held is not None:
            self._held.append(act)
            return
        done = act(self.dashboard)
        if inspect.isawaitable(done):
            await done

    def _keep_theme(self, theme: Theme) -> None:
        if self._dashboard is not None:
            self._dashboard.services.keep_theme(theme.name)

    # The terminal

    def get_driver_class(self) -> type[Driver]:
        """Returns the driver that bad input does not end and a slow terminal does not block; if the
        environment names another one (TEXTUAL_DRIVER), that one."""
        if constants.DRIVER is not None:
            return super().get_driver_class()
        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Returns Textual's filters, with one that lets colours be read, or instead of them one
        for the terminal's own colours; where the settings want it one that draws in ASCII."""
        fixed = [*super().get_line_filters(), self._readable_colours]
        return screen_filters(self, fixed, ascii_signs=self._ascii_signs)

    def notify(self, message: str, **options: Any) -> None:
        """Shows a notification without markup, whoever asks for it: it contains text of others."""
        shown = "\n".join(printable(localized(line)) for line in message.split("\n"))
        super().notify(shown, **{**options, "markup": False})

    async def on_event(self, event: events.Event) -> None:
        if (
            self._held is not None
            and isinstance(event, events.Key | events.Paste)
            and not self._acts_at_once(event)
        ):
            # It is meant for what is about to be there.
            if len(self._held) < _HELD_MOST:
                self._held.append(event)
            return
        await super().on_event(event)

    def as_typed(self, event: events.Key | events.Paste) -> events.Key | events.Paste:
        return self.dashboard.as_typed(event) if self._held is None else event

    def _acts_at_once(self, event: events.Key | events.Paste) -> bool:
        """Whether a key can be taken before the dashboard is there. A `q` after other keys may be
        meant for the text field that they open."""
        if not isinstance(event, events.Key):
            return False
        bindings = self._bindings.key_to_bindings.get(event.key, [])
        return any(
            each.action in ("quit", "help_quit") and (each.priority or not self._held)
            for each in bindings
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._held is not None:
            return action in ("quit", "help_quit")  # the rest is still to come
        if action == "command_palette":
            return self.dashboard.check_action(action, parameters)
        return super().check_action(action, parameters)

    def action_help_quit(self) -> None:
        """Answers a ctrl-C, which the terminal passes on as a key."""
        text = _("{quit} or ctrl+q quits; ctrl+c copies in a text field.")
        self.notify(text.format(quit=shown_key(self, "quit")), timeout=4)

    def action_command_palette(self) -> None:
        """Shows the palette."""
        from mdxdash.tui.palette import Palette  # noqa: PLC0415  not before the first picture

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    async def action_help(self) -> None:
        """Shows the keys: the dialogs over the dashboard ask for it too."""
        await self.dashboard.action_help()

    # The end

    async def action_quit(self) -> None:
        """Asks where agents would be lost; else ends."""
        await self._let(lambda dashboard: dashboard.action_quit())

    async def quit_unasked(self) -> None:
        """Ends what the dashboard brought with it, in its order, and then the screen."""
        await self._let(lambda dashboard: dashboard.quit_unasked())

    async def interrupt(self) -> None:
        """Takes a ctrl-C from outside: asks, as `q` does; a second one within two seconds ends."""
        await self._let(lambda dashboard: dashboard.interrupt())

    async def leave_hub(self) -> None:
        """Ends the screen alone: the hub goes on."""
        await self._let(lambda dashboard: dashboard.leave_hub())

    async def lose_terminal(self) -> None:
        """Ends the screen, whose terminal is gone. The hub goes on where agents are connected."""
        logging.getLogger(__name__).warning("the terminal is gone: the screen ends")
        await self._let(lambda dashboard: dashboard.lose_terminal())

    @on(TerminalLost)
    async def _terminal_lost(self) -> None:
        await self.lose_terminal()

    def _handle_exception(self, error: Exception) -> None:
        # Textual shows it when the terminal is restored; in the log it can be found later.
        logging.getLogger(__name__).error("the dashboard ended", exc_info=error)
        if self._dashboard is not None:
            self._dashboard.keep_what_agents_need()
        super()._handle_exception(error)
