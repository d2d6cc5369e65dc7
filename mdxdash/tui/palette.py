"""The command palette: every action that does something now, every saved filter, every theme and,
by its name only, every macro; each with its key. The help texts are searched too."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, cast

from textual import actions
from textual.binding import Binding, BindingType
from textual.command import (
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
)
from textual.content import Content
from textual.dom import DOMNode
from textual.fuzzy import Matcher
from textual.markup import escape
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets.option_list import Option

from mdxdash.language.translation import _, ngettext
from mdxdash.macros.model import Macro
from mdxdash.macros.running.control import MacroControl
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.key_actions import KeyAction


class KeySection(NamedTuple):
    """The keys of one part of the screen."""

    title: str
    node: DOMNode
    bindings: list[BindingType]


class PaletteScreen(Protocol):
    """What the palette needs of the screen that it stands over."""

    runner: MacroControl
    no_color: bool
    """Whether the variable NO_COLOR is set."""

    def palette_actions(self, screen: Screen[Any]) -> list[KeyAction]:
        """Every action that does something now, those of where the focus is first."""

    async def run_key_action(self, action: KeyAction) -> None:
        """Does what a key does, in its pane."""

    context: AppContext

    def use_filter(self, text: str) -> None:
        """Filters by a text."""

    def trigger(self, macro: Macro) -> None:
        """Fires, starts or stops a macro."""


class Command(NamedTuple):
    """One line of the palette; its texts are plain, never markup."""

    title: str
    help: str
    run: Callable[[], object]
    key: str = ""
    """The key that does the same."""
    is_macro: bool = False


_SCORE_MOST: Final = 1_000.0
"""More than the score of any match of Textual's, which grows with the length of the text."""


def _rank(command: Command, query: str) -> float:
    """Returns how near a command is to what is typed, beside matches of single letters: it stands
    in its name, or in its help. Of equals a macro comes last: an Enter that was meant for something
    else must not fire it."""
    typed = query.casefold()
    rank = 2.0 if typed in command.title.casefold() else float(typed in command.help.casefold())
    return rank - 0.5 if command.is_macro else rank


class Palette(CommandPalette):
    """Textual's palette in the language in use."""

    def __init__(self) -> None:
        # With the `id` by which Textual knows that it is open.
        super().__init__(placeholder=_("Search for commands…"), id="--command-palette")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # As Textual's own (8.2), which has the text in English.
        self._stop_no_matches_countdown()

        def show() -> None:
            if search_value:
                text = Content(_("No matches found"))
                self.query_one(CommandList).add_option(
                    Option(text, disabled=True, id=self._NO_MATCHES)
                )
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, show)


class Commands(Provider):
    """Finds commands by what is typed."""

    async def discover(self) -> Hits:
        """The actions and the saved filters, while nothing is typed yet. Macros are none of them:
        the first row is what an Enter takes."""
        for command in (*self._actions(), *self._saved_filters()):
            shown = _with_key(Content(command.title), command)
            yield DiscoveryHit(shown, command.run, text=command.title, help=escape(command.help))

    async def search(self, query: str) -> Hits:
        """Those that have it in their name, then those that have it in their help, then those that
        have its letters."""
        matcher = self.matcher(query)
        for command in (*self._actions(), *self._saved_filters(), *self._themes(), *self._macros()):
            by_name = matcher.match(command.title)
            if found := max(by_name, matcher.match(command.help)):
                score = _rank(command, query) * _SCORE_MOST + min(found, _SCORE_MOST / 4)
                shown = _with_key(_highlighted(command.title, matcher), command)
                help_ = escape(command.help)
                yield Hit(score, shown, command.run, text=command.title, help=help_)

    def _macros(self) -> Iterator[Command]:
        screen = cast(PaletteScreen, self.screen)
        for macro in screen.runner.macros:
            running = screen.runner.is_running(macro)
            verb, act = (_("Stop"), screen.runner.stop) if running else (_("Fire"), screen.trigger)
            what = ", ".join(map(str, macro.send)) or ngettext(
                "{count} step", "{count} steps", len(macro.steps)
            ).format(count=len(macro.steps))
            yield Command(
                f"{verb} {macro.name}", what, partial(act, macro), macro.key or "", is_macro=True
            )

    def _saved_filters(self) -> Iterator[Command]:
        screen = cast(PaletteScreen, self.screen)
        for name, text in screen.context.filters.items():
            yield Command(
                _("Filter: {name}").format(name=name), text, partial(screen.use_filter, text)
            )

    def _actions(self) -> Iterator[Command]:
        screen = cast(PaletteScreen, self.screen)
        for action in screen.palette_actions(self.screen):
            run = partial(screen.run_key_action, action)
            yield Command(action.label, action.help, run, action.key)
        if not self.app.no_color:  # then there are none
            yield Command(_("Theme"), _("Change the colours"), self.app.action_change_theme)

    def _themes(self) -> Iterator[Command]:
        if self.app.no_color:
            return
        for name in self.app.available_themes:
            yield Command(
                _("Theme: {name}").format(name=name),
                _("Change the colours"),
                partial(setattr, self.app, "theme", name),
            )


_NOT_OFFERED: Final = ("choose", "command_palette")


def pane_actions(sections: Iterable[KeySection]) -> list[KeyAction]:
    """Returns the actions of panes that do something now, wherever the focus is."""
    return [
        KeyAction(node, binding, tuple(binding.key.split(",")))
        for _title, node, bindings in sections
        if isinstance(node, Widget) and node.is_attached and node.display
        for binding in bindings
        if isinstance(binding, Binding) and binding.description and _works(node, binding)
    ]


def is_command(action: KeyAction) -> bool:
    """Returns whether the palette has an action: macros stand there by their names, and moving
    about and the row under the cursor have none."""
    binding = action.binding
    fires = binding.action.startswith("macro(")
    return bool(binding.tooltip) and not fires and binding.action not in _NOT_OFFERED


def _works(node: Widget, binding: Binding) -> bool:
    namespace, action, parameters = actions.parse(binding.action)
    return not namespace and node.check_action(action, parameters) is True


def _highlighted(title: str, matcher: Matcher) -> Content:
    """Returns a name with the letters that match. Not the matcher's own, which reads markup: a
    macro may be called `[/b]`."""
    content = Content(title)
    _score, offsets = matcher.fuzzy_search.match(matcher.query, title)
    for at in offsets:
        if not title[at].isspace():
            content = content.stylize(matcher.match_style, at, at + 1)
    return content


def _with_key(title: Content, command: Command) -> Content:
    return Content.assemble(title, (f"  {command.key}" if command.key else "", "$text-muted"))
