"""The user's editor and pager, started from the dashboard: the screen makes way for them, and comes
back when they end. Whatever goes wrong with them is notified, and what was written is kept."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.app import App

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.processes.child_process import CommandError
from mdxdash.programs.terminal_program import (
    editor_words,
    pager_environment,
    pager_words,
    run_in_terminal,
    with_file,
)
from mdxdash.programs.text_file import TextFile
from mdxdash.tui.widgets.error_text import error_text


class OutsidePrograms:
    """Each method must run in a worker of the app, which lives as long as the app: while one of
    them waits, the screen is away."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    async def edit_text(self, text: str, suffix: str) -> str | None:
        """Lets the user change a text in the editor; returns the new one, or None if there is none.

        * `suffix`: of the file that the editor sees.
        """
        try:
            words = editor_words(os.environ)
            file = await asyncio.to_thread(TextFile, text, suffix)
        except (CommandError, OSError) as error:
            self._failed(error_text(error))
            return None
        try:
            if await self._run(with_file(words, file.path), os.environ):
                found = await asyncio.to_thread(file.read)
                await asyncio.to_thread(file.delete)
                return found
        except (OSError, ValueError) as error:
            self._failed(error_text(error))
        finally:
            # Also when the dashboard ends: what was written must not be lost.
            self._keep_what_was_written(file)
        return None

    async def edit_file(self, path: Path, line: int | None) -> bool:
        """Opens a file in the editor, at a line if one is given; returns whether the editor ended
        as it should."""
        try:
            words = with_file(editor_words(os.environ), path, line)
        except CommandError as error:
            self._failed(error_text(error))
            return False
        return await self._run(words, os.environ)

    async def page(self, text: str) -> None:
        """Shows a text in the pager."""
        try:
            words = pager_words(os.environ)
            file = await asyncio.to_thread(TextFile, text, ".txt")
        except (CommandError, OSError) as error:
            self._failed(error_text(error))
            return
        try:
            await self._run(with_file(words, file.path), pager_environment(os.environ))
        finally:
            self._delete(file)

    async def _run(self, words: Sequence[str], environ: Mapping[str, str]) -> bool:
        """Leaves the screen to a program; returns whether it ended with code 0."""
        problem = ""
        with self._app.suspend():
            try:
                code = await run_in_terminal(words, environ)
            except CommandError as error:
                problem = error_text(error)
            else:
                if code:
                    problem = _("{program} ended with code {code}.").format(
                        program=words[0], code=code
                    )
        if problem:
            self._failed(problem)
        return not problem

    def _failed(self, problem: str) -> None:
        hint = _("The variables EDITOR and PAGER name the programs.")
        self._app.notify(f"{problem}\n{hint}", severity="error", timeout=10)

    def _delete(self, file: TextFile) -> None:
        try:
            file.delete()
        except OSError as error:  # the program has put something else there, such as a folder
            self._failed(error_text(error))

    def _keep_what_was_written(self, file: TextFile) -> None:
        if not file.was_changed():
            self._delete(file)
            return
        self._app.notify(
            _("What was written is in {path}").format(path=printable(str(file.path))),
            severity="warning",
            timeout=20,
        )
