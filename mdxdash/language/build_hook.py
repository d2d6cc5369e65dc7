"""Compiles the translations while the package is built; only hatchling imports this.

A wheel gets `mdxdash.mo` beside each `mdxdash.po`. An editable installation gets none: there the
source is read, so that a change is seen at once.
"""

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TranslationsHook(BuildHookInterface):
    """Adds the compiled translations to a wheel."""

    PLUGIN_NAME = "custom"

    _folder: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles each .po file. Raises `ValueError` for one that Babel cannot read."""
        if self.target_name != "wheel" or version != "standard":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="mdxdash-translations-")
        folder = Path(self._folder.name)
        for source in sorted(Path(self.root).glob("mdxdash/language/*/LC_MESSAGES/*.po")):
            with source.open("rb") as file:
                catalog = read_po(file, abort_invalid=True)
            place = source.relative_to(self.root).with_suffix(".mo")
            compiled = folder / "-".join(place.parts)
            with compiled.open("wb") as output:
                write_mo(output, catalog)
            build_data["force_include"][str(compiled)] = place.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what was compiled: it is in the wheel. After a build that failed, the end of the
        process does."""
        if self._folder is not None:
            self._folder.cleanup()
