"""What the README says holds: its filter table, its settings, its Python."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mdxdash.cli import COMMANDS
from mdxdash.filters.filter import help_table, parse

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_form_of_the_filter_language_is_in_the_readme():
    for form, _ in help_table():
        for code in re.findall(r"[a-z]+:", form):
            assert f"`{code}" in README, form


@pytest.mark.parametrize(
    "text", re.findall(r"`([a-z]+:[^`\s]+)`", README.split("## The filter")[1].split("##")[0])
)
def test_every_filter_that_the_readme_shows_can_be_read(text: str):
    assert not parse(text.replace("\\|", "|")).is_empty


@pytest.mark.parametrize("command", re.findall(r"^mdxdash ([a-z]+)", README, re.MULTILINE))
def test_every_command_that_the_readme_shows_exists(command: str):
    assert command in COMMANDS


def test_the_python_of_the_readme_runs_as_it_stands(tmp_path: Path):
    (source,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "test_from_readme.py").write_text(source, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "1 passed" in result.stdout, result.stdout


def test_the_macros_of_the_readme_are_right(tmp_path: Path):
    from mdxdash.macros.files.toml_form import read_macros
    from mdxdash.settings.toml_source import parse_toml

    for source in re.findall(r"```toml\n(.*?)```", README, re.DOTALL):
        assert read_macros(parse_toml(source.encode(), tmp_path / "mdxdash.toml"))
