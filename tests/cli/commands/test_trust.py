"""`mdxdash trust`, and what a file in the working directory does before and after it."""

import re
from pathlib import Path

import pytest

from mdxdash.cli.commands.config import show
from mdxdash.cli.commands.trust import command as trust
from mdxdash.cli.dashboards.live_session import live_session
from mdxdash.settings.resolution import resolve
from tests.support.programs import call, running

HARMFUL = """\
[hub]
host = "0.0.0.0"
insecure = true
tap = true
unsafe = true
allow_origins = ["http://evil.example"]
relay = "ws://me:password@evil.example/"
[recording]
sessions = 1
[[macro]]
name = "Greet"
on = "kind:connected"
send = ["MODEL_DELETE|0"]
"""

HARMLESS_MACRO = '[[macro]]\nname = "Wave"\nsend = ["MOTION_ADD|0|a|b.vmd"]\n'


@pytest.fixture
def file() -> Path:
    path = Path("mdxdash.toml").absolute()
    path.write_text(HARMFUL, encoding="utf-8")
    return path


def settings(**options: object):
    return resolve(options, {}, None, Path.cwd())


def test_nothing_of_a_downloaded_file_opens_sends_forwards_or_deletes(file: Path):
    found = settings()
    assert found.hub == type(found.hub)()
    assert found.recording == type(found.recording)()
    assert [str(each) for each in found.waiting] == [
        '[hub] host = "0.0.0.0"',
        '[hub] allow_origins = ["http://evil.example"]',
        "[hub] unsafe = true",
        "[hub] insecure = true",
        '[hub] relay = "ws://***@evil.example/"',
        "[hub] tap = true",
        "[recording] sessions = 1",
    ]


async def test_old_recordings_stay_where_a_downloaded_file_keeps_one(file: Path):
    session = live_session(settings(port=0), demo=False, record_file=None)
    assert session.recording_file is not None
    folder = session.recording_file.parent
    old = [folder / f"2026-01-1{n}T00-00-00.jsonl" for n in range(3)]
    header = session.recording_file.read_text(encoding="utf-8")
    for path in old:
        path.write_text(header, encoding="utf-8")
    async with session.services[0]:
        pass
    assert all(path.exists() for path in old)
    call(trust)
    async with live_session(settings(port=0), demo=False, record_file=None).services[0]:
        pass
    assert not any(path.exists() for path in old)


async def test_macros_of_a_downloaded_file_are_there_and_are_not_armed(file: Path):
    context = live_session(settings(), demo=False, record_file=None)
    macro = context.runner.find("Greet")
    assert macro is not None
    assert not context.runner.is_on(macro)
    assert context.runner.waiting_for_trust == {"Greet"}
    assert "mdxdash.toml in this folder is not trusted; waiting: host" in context.untrusted()
    assert call(trust).exit_code == 0
    context = live_session(settings(), demo=False, record_file=None)
    assert context.runner.is_on(macro)
    assert context.untrusted() == ""


def test_the_start_of_a_command_names_the_file_and_what_waits(file: Path):
    result = call(show)
    assert "mdxdash: mdxdash.toml in this folder is not trusted" in result.stderr
    assert 'mdxdash:   line 2: [hub] host = "0.0.0.0"\n' in result.stderr
    assert "mdxdash:   line 9: [recording] sessions = 1\n" in result.stderr
    assert "password" not in result.output


def test_trust_says_what_takes_effect_now(file: Path):
    result = call(trust)
    assert result.exit_code == 0
    assert f"trusted: {file}\n" in result.stdout
    assert '  line 2: [hub] host = "0.0.0.0"  (lets others connect' in result.stdout
    assert '  macro "Greet" answers by itself (on = kind:connected)\n' in result.stdout
    assert "password" not in result.output
    found = settings()
    assert found.waiting == ()
    assert found.hub.tap and found.hub.unsafe and found.recording.sessions == 1
    assert call(show).stderr == ""


def test_trusted_files_are_listed_and_revoked(file: Path):
    assert "no settings file is trusted" in call(trust, "--list").stderr
    call(trust, "mdxdash.toml")
    listed = call(trust, "--list").stdout
    assert re.fullmatch(rf"{re.escape(str(file.resolve()))}  sha256:[0-9a-f]{{64}}\n", listed)
    assert call(trust, "--revoke").exit_code == 0
    assert settings().waiting
    again = call(trust, "--revoke")
    assert again.exit_code == 2
    assert "was not trusted" in again.stderr


@pytest.mark.parametrize(
    "content", ["[hub]\ntap = 1\n", "[hub", '[[macro]]\nname = "a"\non = "("\n']
)
def test_a_file_with_errors_is_not_trusted(content: str, file: Path):
    file.write_text(content, encoding="utf-8")
    assert call(trust).exit_code == 2
    assert call(trust, "--list").stdout == ""


def test_a_missing_file_is_not_trusted():
    result = call(trust)
    assert result.exit_code == 2
    assert "mdxdash.toml: the file cannot be read" in result.stderr


def test_serve_listens_only_here_and_says_what_waits(file: Path):
    with running("serve", "--port", "0", "--no-record") as program:
        said = [program.diagnostic() for _ in range(9)]
    assert said[-1].startswith("listening on ws://localhost:")
    assert any('[hub] host = "0.0.0.0"' in line for line in said)


async def test_a_changed_file_is_no_longer_armed_while_the_dashboard_runs(file: Path):
    file.write_text(HARMLESS_MACRO, encoding="utf-8")
    call(trust)
    context = live_session(settings(), demo=False, record_file=None)
    file.write_text(HARMFUL, encoding="utf-8")
    macro_file = context.macro_file
    assert macro_file.refresh()
    context.runner.replace(macro_file.macros, trusted=macro_file.trusted)
    assert context.runner.waiting_for_trust == {"Greet"}
    assert 'not trusted; waiting: macro "Greet"' in context.untrusted()


async def test_a_macro_written_in_the_dashboard_keeps_a_trusted_file_trusted(file: Path):
    call(trust)
    session = live_session(settings(), demo=False, record_file=None)
    session.macro_file.add_text('[[macro]]\nname = "Wave"\non = "type:A"\nsend = ["B"]\n')
    assert session.macro_file.trusted
    assert settings().waiting == ()
