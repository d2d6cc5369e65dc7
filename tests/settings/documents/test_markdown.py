"""The table of settings in Markdown."""

import re
from pathlib import Path

from mdxdash.settings.documents.markdown import markdown_table
from mdxdash.settings.model import all_settings

README = Path(__file__).parents[3] / "README.md"


def test_every_setting_has_a_row_with_its_meaning() -> None:
    table = markdown_table()
    for setting in all_settings():
        row = next(line for line in table.splitlines() if f"`{setting.variable}`" in line)
        assert row.startswith(f"| `[{setting.section}] {setting.key}` |")
        assert row.endswith(f"| {setting.about.meaning} |")


def test_defaults_are_written_as_in_the_file() -> None:
    cells = [[cell.strip() for cell in row.split("|")] for row in markdown_table().splitlines()]
    defaults = {row[1]: row[4] for row in cells}
    assert defaults["`[hub] request_bytes`"] == '`"16 KiB"`'
    assert defaults["`[hub] queue`"] == "10,000 lines"
    assert defaults["`[recording] directory`"] == "your data directory"


def test_every_row_has_five_cells() -> None:
    assert {line.count("|") for line in markdown_table().splitlines()} == {6}


def test_the_readme_has_this_table() -> None:
    text = README.read_text(encoding="utf-8")
    (found,) = re.findall(r"<!-- settings -->\n(.*?)<!-- /settings -->", text, re.DOTALL)
    assert found == markdown_table()
