"""Lets agents speak what a person types: a text by a voice, or a sound file."""

from collections.abc import Callable
from typing import Any, Final

from textual.app import App

from mdxdash.language.translation import _
from mdxdash.remote.protocol import Speak
from mdxdash.settings.user_path import user_path
from mdxdash.speech.control import CannotSpeak
from mdxdash.tui.app_context import AppContext
from mdxdash.tui.widgets.error_text import error_text

SOUND_FILES: Final = (".wav", ".flac", ".ogg", ".mp3")
"""The endings of what is a sound file, in lower case; all else is a text."""


class SpeechControl:
    """What the key for speaking does."""

    def __init__(
        self, app: App[Any], context: AppContext, target: Callable[[], str | None]
    ) -> None:
        """`target` returns the agents that are to speak."""
        self._app = app
        self._app_context = context
        self._target = target

    async def ask(self) -> None:
        """Asks for a text or a file, and lets the agents speak it."""
        from mdxdash.tui.screens.dialogs.line_dialog import LineDialog  # noqa: PLC0415  not for a start

        def speak(line: str | None) -> None:
            if line:
                self._app.run_worker(self._speak(line), group="speech")

        hint = _("A text to say, or a file ({endings}); MODEL| before it names a model").format(
            endings=" ".join(SOUND_FILES)
        )
        title = _("Let {agents} speak").format(agents=self._target() or _("all agents"))
        dialog = LineDialog(title, hint, _wrong)
        await self._app.push_screen(dialog, speak)

    async def _speak(self, line: str) -> None:
        speak = self._app_context.speak
        if speak is None:
            self._app.notify(_("Agents cannot be let speak from here."), timeout=3)
            return
        try:
            await speak(request_for(line, self._target()))
        except CannotSpeak as error:
            text = _("Not spoken: {reason}").format(reason=error_text(error))
            self._app.notify(text, severity="warning", timeout=8)


def request_for(line: str, target: str | None) -> Speak:
    """Returns what is asked for by a line: `[MODEL|]TEXT` or `[MODEL|]FILE`. Raises `OSError` for a
    file in a home folder that is not there."""
    model, bar, what = line.partition("|")
    if not bar:
        model, what = "", line
    model, what = model.strip(), what.strip()
    if what.lower().endswith(SOUND_FILES):
        return Speak(file=str(user_path(what).absolute()), model=model, to=target)
    return Speak(text=what, model=model, to=target)


def _wrong(line: str) -> str:
    """Returns what is wrong with a line; empty if nothing is."""
    try:
        request = request_for(line, None)
    except OSError as error:
        return error_text(error)
    return "" if request.text or request.file else _("expected a text, or the name of a file")
