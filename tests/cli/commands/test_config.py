"""`mdxdash config` as a user calls it."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mdxdash.cli.commands.config import command
from mdxdash.cli.commands.dashboard import command as dashboard
from mdxdash.settings.documents.commented_file import commented_file
from mdxdash.settings.documents.schema import json_schema
from mdxdash.settings.model import all_settings

SECRET = "0123456789abcdef"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def shown(*arguments: str) -> dict[str, dict[str, object]]:
    lines = call("show", "--json", *arguments).stdout.splitlines()
    return {row.pop("setting"): row for row in map(json.loads, lines)}


def test_every_value_is_shown_with_its_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[hub]\nport = 5\npath = "/a"\n[groups]\nleft = ["chat"]\n'
    Path("mdxdash.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("MDXDASH_PATH", "/b")
    rows = shown("--host", "::1")
    assert list(rows) == [*(setting.name for setting in all_settings()), "groups.left"]
    file = str(Path("mdxdash.toml").resolve())
    assert rows["hub.host"] == {"value": "::1", "origin": "option", "name": "--host"}
    assert rows["hub.port"] == {"value": 5, "origin": "file", "file": file, "line": 2}
    assert rows["hub.path"] == {"value": "/b", "origin": "environment", "name": "MDXDASH_PATH"}
    assert rows["hub.secret"] == {"value": None, "origin": "default"}
    assert rows["groups.left"] == {"value": ["chat"], "origin": "file", "file": file, "line": 5}


def test_voices_and_programs_are_shown_without_their_secrets() -> None:
    text = """\
[voice.mei]
command = "open_jtalk -m mei -ow {out}"
[program.chat]
command = "env OPENAI_API_KEY=hunter1 python -u chat.py --token hunter2 --at wss://me:hunter3@x/a"
feed = "type:RECOG_EVENT_STOP"
[alerts]
run = "notify --api-key=hunter4"
"""
    Path("given.toml").write_text(text, encoding="utf-8")
    rows = shown("--config", "given.toml")
    file = str(Path("given.toml").resolve())
    command = "open_jtalk -m mei -ow {out}"
    assert rows["voice.mei.command"] == {
        "value": command,
        "origin": "file",
        "file": file,
        "line": 2,
    }
    assert rows["voice.mei.timeout"] == {"value": "30s", "origin": "default"}
    command = "env OPENAI_API_KEY=*** python -u chat.py --token *** --at wss://***@x/a"
    assert rows["program.chat.command"]["value"] == command
    assert (rows["program.chat.feed"]["line"], rows["program.chat.start"]["value"]) == (5, "hub")
    assert rows["alerts.run"]["value"] == "notify --api-key=***"
    assert "hunter" not in call("show", "--config", "given.toml").output


def test_the_table_names_the_file_and_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mdxdash.toml").write_text("[log]\nevents = 7\n", encoding="utf-8")
    lines = call("show").stdout.splitlines()
    assert lines[0] == f"file: {Path('mdxdash.toml').resolve()}"
    assert [line.split() for line in lines if "log.events" in line] == [
        ["log.events", "7", "mdxdash.toml:2"]
    ]
    assert [line.split() for line in lines if "hub.linger" in line] == [
        ["hub.linger", '"1m"', "default"]
    ]


def test_without_a_file_the_one_to_write_is_named() -> None:
    first = call("show").stdout.splitlines()[0]
    assert first.startswith(f"file: {Path.cwd()}")
    assert first.endswith("mdxdash.toml (does not exist)")


@pytest.mark.parametrize("arguments", [("show",), ("show", "--json")])
def test_what_is_private_is_not_shown(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDXDASH_SECRET", SECRET)
    output = call(*arguments, "--relay", "ws://me:hunter2@localhost/chat").output
    assert SECRET not in output and "hunter2" not in output
    assert "ws://***@localhost/chat" in output


def test_control_characters_in_a_value_are_not_shown_raw() -> None:
    Path("mdxdash.toml").write_text('[screen]\ntheme = "\\u009b31m\\u202e"\n', encoding="utf-8")
    output = call("show").stdout
    assert "\x9b" not in output and "\u202e" not in output


def test_a_wrong_value_is_reported_with_its_line() -> None:
    Path("mdxdash.toml").write_text("[hub]\nport = 70000\n", encoding="utf-8")
    result = call("show")
    assert result.exit_code == 2
    assert "mdxdash.toml:2: [hub] `port`: expected a port from 0 to 65535, got 70000" in (
        result.output
    )


@pytest.mark.parametrize("named_by", ["--config", "MDXDASH_CONFIG", "nothing"])
def test_init_writes_the_commented_file(named_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["--config", "folder/my.toml"] if named_by == "--config" else []
    if named_by == "MDXDASH_CONFIG":
        monkeypatch.setenv("MDXDASH_CONFIG", "folder/my.toml")
    result = call("init", *arguments)
    (file,) = Path.cwd().rglob("*.toml")
    assert result.stdout == f"wrote {file}\n"
    assert file.name == ("mdxdash.toml" if named_by == "nothing" else "my.toml")
    assert file.read_bytes() == commented_file().encode()


def test_init_never_overwrites() -> None:
    Path("my.toml").write_text("# mine\n", encoding="utf-8")
    result = call("init", "--config", "my.toml")
    assert result.exit_code == 2
    assert "my.toml: the file exists already; nothing was written" in result.output
    assert Path("my.toml").read_text(encoding="utf-8") == "# mine\n"


def test_the_schema_is_printed() -> None:
    assert json.loads(call("schema").stdout) == json_schema()


def test_the_options_of_the_model_are_those_of_the_command_line() -> None:
    options = {
        option
        for parameter in dashboard.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    own = {"--config", "--log-file", "--verbose", "--record", "--demo"}
    in_model = {setting.about.option for setting in all_settings()} - {""}
    assert in_model == options - own


def test_the_keys_are_listed_with_those_of_the_file() -> None:
    Path("given.toml").write_text('[keys]\nruns = ["U", "f11"]\n', encoding="utf-8")
    found = {
        line.split()[0]: line for line in call("keys", "--config", "given.toml").stdout.splitlines()
    }
    assert found["runs"].split()[1:3] == ["U", "F11"]
    assert found["only_this_type"].split()[1] == "o"
    shown = call("show", "--config", "given.toml").stdout
    assert [line.split() for line in shown.splitlines() if "keys.runs" in line] == [
        ["keys.runs", '["U",', '"f11"]', "given.toml:2"]
    ]
