"""The command palette: every macro, every saved filter, and every action that has a key."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, Protocol, cast

from textual.binding import Binding, BindingType
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.markup import escape

from mdxdash.language.translation import _
from mdxdash.macros.model import Macro
from mdxdash.macros.running.control import MacroControl
from mdxdash.tui.app_context import AppContext


class KeySection(NamedTuple):
    """The keys of one part of the screen."""

    title: str
    node: DOMNode
    bindings: list[BindingType]


class PaletteApp(Protocol):
    """What the palette needs of the app."""

    runner: MacroControl

    def key_sections(self) -> list[KeySection]:
        """Every key there is, by the part of the screen where it works."""

    context: AppContext

    def use_filter(self, text: str) -> None:
        """Filters by a text."""

    def trigger(self, macro: Macro) -> None:
        """Fires, starts or stops a macro."""

    async def run_action(self, action: str, default_namespace: DOMNode | None = None) -> bool:
        """Runs an action on a node."""

    def action_change_theme(self) -> None:
        """Lets the user choose a theme."""


class Command(NamedTuple):
    """One line of the palette; its texts are plain, never markup."""

    title: str
    help: str
    run: Callable[[], object]


class Commands(Provider):
    """Finds commands by what is typed."""

    async def discover(self) -> Hits:
        """All of them, while nothing is typed yet."""
        for command in self._commands():
            yield DiscoveryHit(escape(command.title), command.run, help=escape(command.help))

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for command in self._commands():
            if (score := matcher.match(command.title)) > 0:
                title = matcher.highlight(command.title)
                yield Hit(score, title, command.run, help=escape(command.help))

    def _commands(self) -> Iterator[Command]:
        app = cast(PaletteApp, self.app)
        for macro in app.runner.macros:
            running = app.runner.is_running(macro)
            verb, act = (_("Stop"), app.runner.stop) if running else (_("Fire"), app.trigger)
            what = ", ".join(map(str, macro.send)) or _("{count} steps").format(
                count=len(macro.steps)
            )
            yield Command(f"{verb} {macro.name}", what, partial(act, macro))
        for name, text in app.context.filters.items():
            yield Command(
                _("Filter: {name}").format(name=name), text, partial(app.use_filter, text)
            )
        for title, node, bindings in app.key_sections():
            for binding in bindings:
                if isinstance(binding, Binding) and binding.description:
                    help_ = f"{_(title)}: {_(binding.tooltip or binding.description)}"
                    run = partial(app.run_action, binding.action, node)
                    yield Command(_(binding.description), help_, run)
        yield Command(_("Theme"), _("Change the colours"), app.action_change_theme)
