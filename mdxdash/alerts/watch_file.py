"""The watches of a settings file, which is read again when it changes, and edited."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mdxdash.alerts.watch import Watch, read_watches, table_from_watch
from mdxdash.language.translation import N_
from mdxdash.macros.files.watched_file import Stamp, look
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.toml_source import (
    SettingsError,
    TomlSource,
    parse_toml,
    read_toml,
    write_text,
)
from mdxdash.settings.trust import TrustedFiles

# What changes the file loads tomlkit, 10 ms that a start need not wait for.
# ruff: noqa: PLC0415


class WatchFile:
    """The watches in force. Methods may block on the disk, and may be called from any thread;
    `watches` and `problem` may be read at any time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """It may not exist: then there is no watch, and the first one creates it."""
        self.watches: tuple[Watch, ...] = ()
        """Those of the last content without an error."""
        self.problem = ""
        """What is wrong with the watches in the file as it is now. What else is wrong with it is
        reported by whoever reads that."""
        self._stamp: Stamp | None = None
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Reads the file if it changed."""
        with self._lock:
            self._take_over()

    def add(self, watch: Watch) -> None:
        """Adds a watch at the end of the file. Raises `SettingsError` if its name is taken, if the
        file has an error or cannot be written."""

        def edit(source: TomlSource) -> str:
            from mdxdash.settings.toml_edit import appended_table

            if any(watch.name == other.name for other in read_watches(source)):
                message = N_('another watch is called "{name}": choose another name').format(
                    name=watch.name
                )
                raise SettingsError(message, source.path)
            return appended_table(source.text, "watch", table_from_watch(watch))

        self._change(edit, lambda tables: [*tables, table_from_watch(watch)])

    def delete(self, name: str) -> None:
        """Deletes the watch of this name. Raises `SettingsError`."""
        index = -1

        def edit(source: TomlSource) -> str:
            from mdxdash.settings.toml_edit import without_table

            nonlocal index
            names = [watch.name for watch in read_watches(source)]
            if name not in names:
                message = N_('there is no watch "{name}": the file was changed meanwhile').format(
                    name=name
                )
                raise SettingsError(message, source.path)
            index = names.index(name)
            return without_table(source.text, "watch", index)

        self._change(edit, lambda tables: tables[:index] + tables[index + 1 :])

    def _take_over(self) -> None:
        try:
            found = look(self.path, self._stamp)
        except OSError:
            return  # the reader of the macros reports it
        self._stamp = found.stamp
        if found.content is None:
            return
        try:
            source = parse_toml(found.content, self.path)
        except SettingsError:
            return  # no TOML: as above
        try:
            self.watches = read_watches(source)
            self.problem = ""
        except SettingsError as error:
            self.problem = str(error)

    def _change(
        self,
        edit: Callable[[TomlSource], str],
        wanted: Callable[[list[Any]], list[Any]],
    ) -> None:
        """Writes the file as `edit` makes it, if its watches are then `wanted` of those before, and
        all else is as it was."""
        with self._lock:
            before = read_toml(self.path, absent=commented_file())
            by_hand = N_(
                "the watches are written in a way that cannot be edited here: edit the file"
            )
            try:
                text = edit(before)
                after = parse_toml(text.encode("utf-8"), self.path)
            except ValueError as error:
                raise SettingsError(f"{by_hand} ({error})", self.path) from error
            tables = wanted(list(before.data.get("watch", [])))
            rest = {key: value for key, value in before.data.items() if key != "watch"}
            if after.data != rest | ({"watch": tables} if tables else {}):
                raise SettingsError(by_hand, self.path)
            write_text(self.path, text)
            TrustedFiles().keep(before, after)
            self._take_over()
