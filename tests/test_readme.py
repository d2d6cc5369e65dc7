"""What the README and the guides say holds: their commands, samples, signs, files and numbers."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest
from platformdirs.api import PlatformDirsABC

from mdxdash.cli import COMMANDS, LazyGroup
from mdxdash.cli.commands import dashboard
from mdxdash.cli.commands.help import TOPICS
from mdxdash.events.text import SERVER_SIGNS, SIGNS
from mdxdash.filters.filter import help_table, parse
from mdxdash.hub.address import mdf_lines
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.settings.toml_source import parse_toml
from tests.support.documents import (
    DOCUMENTS,
    README,
    ROOT,
    blocks,
    inline_commands,
    shell_lines,
    table_codes,
)
from tests.support.homes import HOME_VARIABLES
from tests.support.programs import mdxdash
from tests.support.recorded import RECORDINGS

LONGEST = 250 + 25 * len(
    ("safety", "hub in the background", "control room", "dialogue", "voice", "fleet")
)
"""Lines of the README without its table of settings: each large feature may add 25. Longer guides
are topics of `mdxdash help`."""

INSTALLING = {line for line in shell_lines(README) if line.startswith("python3 ")}
"""Run by `.ci/run`, as they stand."""

OF_OTHERS = {"pipx install .", "uv tool install ."}
"""Commands of programs that a test cannot expect."""

RUNNABLE = (
    "export",
    "stats",
    "turns",
    "compare",
    "sessions",
    "mdf",
    "secret",
    "cert",
    "explain",
    "help",
)
"""Commands that end by themselves, and need no agent and no terminal."""

LINES = sorted({line for text in DOCUMENTS.values() for line in shell_lines(text)})
INLINE = sorted({line for text in DOCUMENTS.values() for line in inline_commands(text)})


def arguments(line: str) -> list[str]:
    """What follows `mdxdash` in a shell line, also at the end of a pipe, up to a redirection."""
    words = shlex.split(line)
    if "|" in words:
        words = words[words.index("|") + 1 :]
    assert words[0] == "mdxdash"
    return words[1 : words.index("<") if "<" in words else None]


def is_run(line: str) -> bool:
    return line.startswith(tuple(f"mdxdash {name}" for name in RUNNABLE))


def parsed(words: list[str]) -> None:
    """Checks the command, the names of its options and how many arguments it takes."""
    group = LazyGroup(name="mdxdash", params=dashboard.command.params, invoke_without_command=True)
    ctx = click.Context(group, info_name="mdxdash")
    command: click.Command = group
    if words and words[0] in COMMANDS:
        found = group.get_command(ctx, words.pop(0))
        assert found is not None
        command = found
    if isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    _, rest, _ = command.make_parser(click.Context(command)).parse_args(words)
    assert not rest, f"unknown: {rest}"


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_shell_is_an_installation_or_a_command_of_mdxdash(line: str):
    assert line in INSTALLING | OF_OTHERS or arguments(line) is not None


@pytest.mark.parametrize("line", [line for line in LINES if line not in INSTALLING | OF_OTHERS])
def test_every_command_has_the_options_that_are_shown(line: str):
    parsed(arguments(line))


@pytest.mark.parametrize("line", INLINE)
def test_every_command_in_the_text_has_the_options_that_are_shown(line: str):
    words = [word for word in shlex.split(line)[1:] if word not in ("TOPIC", "COMMAND")]
    if words[:1] == ["help"] and len(words) > 1:
        assert words[1] in (*TOPICS, *COMMANDS)
    if "--help" not in words:
        parsed(words)


@pytest.mark.parametrize("line", [line for line in LINES if is_run(line)])
def test_every_command_that_ends_by_itself_runs_as_shown(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("FILE", "OLD", "NEW"):
        shutil.copy(RECORDINGS / "messages.jsonl", tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(tmp_path))
    done = mdxdash(*arguments(line))
    assert done.returncode == 0, done.stderr


def test_the_windows_form_does_the_same():
    windows = [
        line.replace("python3 -m venv", "py -m venv")
        .replace(" && ", "; ")
        .replace(".venv/bin/pip", ".venv\\Scripts\\python -m pip")
        .replace(".venv/bin/", ".venv\\Scripts\\")
        for block in blocks(README, "sh")
        for line in block.splitlines()
        if line.startswith("python3 ")
    ]
    (shown,) = blocks(README, "powershell")
    assert shown.splitlines() == list(dict.fromkeys(windows))


@pytest.mark.parametrize("name", [name for name, text in DOCUMENTS.items() if "```toml" in text])
def test_the_settings_and_macros_that_are_shown_are_valid(name: str, tmp_path: Path):
    for source in blocks(DOCUMENTS[name], "toml"):
        assert read_macros(parse_toml(source.encode(), tmp_path / "mdxdash.toml"))


@pytest.mark.parametrize("name", [name for name, text in DOCUMENTS.items() if "```python" in text])
def test_the_python_that_is_shown_runs_as_it_stands(name: str, tmp_path: Path):
    for number, source in enumerate(blocks(DOCUMENTS[name], "python")):
        (tmp_path / f"test_sample_{number}.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stdout


def test_the_lines_for_the_mdf_are_those_that_mdxdash_prints():
    assert blocks(README, "text")[0].splitlines() == list(mdf_lines("localhost", 9001, "/chat"))


@pytest.mark.parametrize("name", ["README", "filter"])
def test_every_form_of_the_filter_language_is_described(name: str):
    for form, _ in help_table():
        for code in re.findall(r"[a-z]+:", form):
            assert f"`{code}" in DOCUMENTS[name], form


FILTERS = [
    code
    for section in (README.split("## The filter\n")[1].split("\n## ")[0], DOCUMENTS["filter"])
    for code in table_codes(section)
]


@pytest.mark.parametrize("text", [text for text in FILTERS if ":" in text or "/" in text])
def test_every_filter_that_is_shown_is_valid(text: str):
    assert not parse(text).is_empty


def test_every_sign_of_an_event_is_in_the_legend():
    legend = README.split("## The signs")[1].split("\n## ")[0]
    for sign in (*SIGNS.values(), *SERVER_SIGNS.values(), "✓", "⇄", "▶", "■", "✕", "◌", "?"):
        assert f"`{sign}" in legend, sign


@pytest.mark.parametrize(
    ("column", "directories"),
    [
        (2, platformdirs.unix.Unix),
        (3, platformdirs.macos.MacOS),
        (4, platformdirs.windows.Windows),
    ],
)
def test_the_files_are_where_the_table_says(
    column: int, directories: type[PlatformDirsABC], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", "/HOME")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", lambda name: "%LOCALAPPDATA%")
    table = README.split("## Where files are")[1].split("\n## ")[0]
    rows = [row.split("|") for row in table.splitlines() if row.startswith("|")][2:]
    found = directories("mdxdash", appauthor=False)
    assert [row[column].strip("` ").replace("\\", "/") for row in rows] == [
        f"{folder}/{file}".replace("\\", "/").replace("/HOME", "~")
        for folder, file in (
            (found.user_config_dir, "mdxdash.toml"),
            (found.user_data_dir, "recordings"),
            (found.user_state_dir, "history.txt"),
            (found.user_log_dir, "mdxdash.log"),
        )
    ]


def test_pictures_and_sections_that_are_linked_exist():
    for target in re.findall(r"\]\(([^)h][^)]*)\)", README):
        if target.startswith("#"):
            assert f"\n## {target[1:]}\n" in README
        else:
            assert (ROOT / target).is_file()


def test_the_readme_is_short():
    without = re.sub(r"<!-- settings -->.*?<!-- /settings -->\n", "", README, flags=re.DOTALL)
    assert len(without.splitlines()) <= LONGEST
