"""Settings files that mdxdash 0.1.0 wrote, or showed in its README, mean what they meant there.

`settings.json` holds the settings and macros that 0.1.0 itself read from them.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from mdxdash.macros.files.toml_form import read_macros, table_from_macro
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.settings.model import SECTIONS
from mdxdash.settings.resolution import resolve
from mdxdash.settings.saving import save_setting
from mdxdash.settings.toml_source import read_toml

OLDER: Final = Path(__file__).parents[1] / "support" / "older"
READ_BY_OLDER: Final[dict[str, Any]] = json.loads(
    (OLDER / "settings.json").read_text(encoding="utf-8")
)

every_file = pytest.mark.parametrize("name", READ_BY_OLDER)


@every_file
def test_every_setting_has_its_value(name: str) -> None:
    settings = resolve({}, {}, OLDER / name, OLDER)
    for section in SECTIONS.keys() & READ_BY_OLDER[name]:
        now = msgspec.json.decode(msgspec.json.encode(getattr(settings, section)))
        then = READ_BY_OLDER[name][section]
        assert {key: now[key] for key in then} == then
    groups = {group: list(members) for group, members in settings.groups.items()}
    assert groups == READ_BY_OLDER[name]["groups"]


@every_file
def test_every_macro_is_the_same(name: str) -> None:
    macros = read_macros(read_toml(OLDER / name))
    assert [table_from_macro(macro) for macro in macros] == READ_BY_OLDER[name]["macros"]


@every_file
def test_what_is_saved_changes_nothing_else(name: str, tmp_path: Path) -> None:
    file = Path(shutil.copy(OLDER / name, tmp_path))
    before = file.read_text(encoding="utf-8")
    save_setting(file, "screen.theme", "gruvbox")
    macro_file = MacroFile(file)
    macro_file.refresh()
    macro_file.delete(macro_file.macros[-1].name)
    after = file.read_text(encoding="utf-8").splitlines()
    assert resolve({}, {}, file, tmp_path).screen.theme == "gruvbox"
    kept = before.partition("\n[[macro]]\n")[0].replace('theme = "nord"', 'theme = "gruvbox"')
    assert [line for line in kept.splitlines() if line not in after] == []
