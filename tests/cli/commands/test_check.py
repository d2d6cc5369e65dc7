"""`mdxdash check`: what keeps an agent from connecting, found and corrected."""

import asyncio
import os
from pathlib import Path

import pytest

from mdxdash.cli.commands.check import MDF_BYTES
from mdxdash.cli.commands.check import command as check
from mdxdash.doctor.mdf_file import MdfSettings, parse_mdf
from mdxdash.hub.address import free_port
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.simulator import ClientEvent, Connected, Simulator
from tests.support.hub_clients import running_hub
from tests.support.mdf_samples import BROKEN, GOOD, UNMENDABLE, mended
from tests.support.programs import call

SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def free_hub_port(monkeypatch):
    """A port at which nobody listens."""
    monkeypatch.setenv("MDXDASH_PORT", str(free_port("127.0.0.1")))


def test_check_never_prints_the_secret(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MDXDASH_SECRET", SECRET)
    (tmp_path / "content.mdf").write_bytes(GOOD)
    result = call(check, "content.mdf", "--fix")
    assert "/chat/***" in result.output
    assert SECRET not in result.output


def test_check_says_that_nobody_listens(tmp_path: Path):
    (tmp_path / "content.mdf").write_bytes(GOOD)
    assert "nothing listens" in call(check, "content.mdf").output


def test_an_error_is_exit_code_1_with_its_line(tmp_path: Path):
    (tmp_path / "content.mdf").write_bytes(b"disablePlugin=Remote\n" + GOOD)
    result = call(check, "content.mdf", "--port", "9001")
    assert result.exit_code == 1
    assert "content.mdf:1: D111 error:" in result.output


@pytest.mark.parametrize(
    ("content", "offered"),
    [
        (GOOD.replace(b"/chat", b"/other"), True),
        (GOOD.decode().encode("utf-16"), False),
        (GOOD + b"\0", False),
    ],
)
def test_fix_is_offered_where_it_would_change_something(
    tmp_path: Path, content: bytes, offered: bool
):
    (tmp_path / "content.mdf").write_bytes(content)
    result = call(check, "content.mdf", "--port", "9001")
    assert result.exit_code == 1
    assert ("--fix" in result.output) is offered
    fixed = call(check, "content.mdf", "--port", "9001", "--fix").output
    assert ("content.mdf: corrected" in fixed) is offered


def test_fixing_keeps_the_old_file_and_no_older_backup_is_lost(tmp_path: Path):
    file = tmp_path / "content.mdf"
    for number in ("", "2"):
        file.write_bytes(b"# mine\r\nPlugin_Remote_Websocket_Host=elsewhere\r\n")
        old = file.read_bytes()
        assert call(check, "content.mdf", "--fix").exit_code == 0
        assert (tmp_path / f"content.mdf.bak{number}").read_bytes() == old
        assert file.read_bytes().startswith(b"# mine\r\nPlugin_Remote_Websocket_Host=localhost\r\n")


def test_a_file_without_mistakes_is_not_written(tmp_path: Path):
    (tmp_path / "content.mdf").write_bytes(GOOD)
    call(check, "content.mdf", "--port", "9001", "--fix")
    assert [path.name for path in tmp_path.iterdir() if "mdf" in path.name] == ["content.mdf"]


def test_what_stands_in_the_file_is_inert_on_the_terminal(tmp_path: Path):
    host = b"Plugin_Remote_Websocket_Host=\x1b[31mred\n"
    (tmp_path / "content.mdf").write_bytes(GOOD + host)
    result = call(check, "content.mdf", "--port", "9001")
    assert "␛[31mred" in result.output
    assert "\x1b" not in result.output


def test_what_is_no_mdf_is_neither_read_nor_written(tmp_path: Path):
    (tmp_path / "huge.mdf").write_bytes(b"\0" * (MDF_BYTES + 1))
    for path, says in (
        ("huge.mdf", "more than 1,048,576 bytes"),
        (os.devnull, "is no .mdf but empty"),
    ):
        result = call(check, path, "--fix")
        assert result.exit_code == 2
        assert says in result.output
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("dialogue.fst", b"0 1 RECOG_EVENT_STOP|x SYNTH_START|y\n", "a dialogue script"),
        ("dialogue.txt", b"0 1 RECOG_EVENT_STOP|x SYNTH_START|y\n", "a dialogue script"),
        ("server.py", b"HOST = 1\nPlugin = 2\n", "a Python script"),
        ("notes", b"a=b\n", "a text without any setting of a plugin"),
        ("picture.png", b"\x89PNG\0", "no text"),
    ],
)
def test_what_is_another_file_is_named_and_left_alone(
    tmp_path: Path, name: str, content: bytes, kind: str
):
    (tmp_path / name).write_bytes(content)
    for options in ((), ("--fix",)):
        result = call(check, name, *options)
        assert result.exit_code == 2
        assert f"{name} is no .mdf but {kind}" in result.output
    assert (tmp_path / name).read_bytes() == content
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [name]


@pytest.mark.parametrize("name", ["content.MDF", "content.mdf.txt"])
def test_a_mdf_is_known_by_its_name_or_its_content(tmp_path: Path, name: str):
    content = b"" if name.endswith("MDF") else b"Plugin_Remote_Websocket_Host=elsewhere\n"
    (tmp_path / name).write_bytes(content)
    assert "corrected" in call(check, name, "--fix").output


def test_a_file_that_is_not_there_is_said():
    result = call(check, "nowhere.mdf")
    assert result.exit_code == 2
    assert "nowhere.mdf cannot be read" in result.output


async def test_the_simulator_connects_with_each_mended_file():
    async with running_hub() as hub:
        for name, code, _, broken in BROKEN:
            if code in UNMENDABLE:
                continue
            settings = HubSettings(port=hub.port)
            content = mended(broken.replace(b"9001", str(hub.port).encode()), settings)
            given = MdfSettings((parse_mdf(content, name),), {})
            host, port, path = (
                given.value(f"Plugin_Remote_Websocket_{key}", "")
                for key in ("Host", "Port", "Directory")
            )
            assert await connects(f"ws://{host}:{port}{path}"), name


async def connects(url: str) -> bool:
    there: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def tell(happening: ClientEvent) -> None:
        if not there.done():
            there.set_result(isinstance(happening, Connected))

    agent = asyncio.create_task(Simulator(url, on_event=tell).run())
    try:
        return await asyncio.wait_for(there, 10)
    finally:
        agent.cancel()
        await asyncio.wait([agent])


def test_what_would_stay_silent_is_named(tmp_path: Path):
    (tmp_path / "content.mdf").write_bytes(GOOD)
    (tmp_path / "mine.toml").write_text(
        '[voice.mei]\ncommand = "no-such-program -ow {out}"\n'
        '[[macro]]\nname = "Greet"\nsteps = [{ play = "none.wav" }, { say = "…" }]\n',
        encoding="utf-8",
    )
    result = call(check, "content.mdf", "--port", "9001", "--config", "mine.toml")
    assert result.exit_code == 0, result.output
    for line in (
        "mine.toml: speech warning: [voice.mei] no-such-program: there is no such program",
        'speech warning: macro "Greet": play none.wav: ',
        "none.wav: No such file",
        'speech warning: macro "Greet": say …: there is nothing to say in it',
        "Plugin_Remote_AllLog=true tells them apart",
    ):
        assert line in result.output


def test_nothing_is_said_of_speech_where_nobody_speaks(tmp_path: Path):
    (tmp_path / "content.mdf").write_bytes(GOOD)
    assert "speech" not in call(check, "content.mdf", "--port", "9001").output
