"""Which running hub a command means, or stands in its place."""

import asyncio
from pathlib import Path

import pytest

from mdxdash.cli.reaching.reached_hub import (
    ReachedHub,
    hub_elsewhere,
    hub_here,
)
from mdxdash.settings.resolution import resolve
from tests.support.faces import runtime_folder, session_in
from tests.support.tls import written_pair

SECRET = "0123456789abcdef"


def test_without_a_hub_it_says_how_one_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with runtime_folder(monkeypatch):
        with pytest.raises(SystemExit) as ended:
            hub_here(None)
        assert ended.value.code == 2
        assert "no hub runs; `mdxdash hub start` starts one" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            hub_here("robot")
        assert "no hub named robot runs" in capsys.readouterr().err


async def test_the_only_hub_is_the_one_that_is_meant_and_of_several_one_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, recording_enabled=False):
            assert (await asyncio.to_thread(hub_here, None)).welcome.name == "main"
            async with session_in(tmp_path, recording_enabled=False, name="robot"):
                assert (await asyncio.to_thread(hub_here, "robot")).welcome.name == "robot"
                with pytest.raises(SystemExit):
                    await asyncio.to_thread(hub_here, None)
    assert "several hubs run: main, robot; name one" in capsys.readouterr().err


def reach(address: str, folder: Path, ca: Path | None = None, **environment: str) -> ReachedHub:
    return hub_elsewhere(address, resolve({}, environment, None, folder), ca)


async def test_a_hub_elsewhere_is_reached_with_the_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"tap": True, "secret": SECRET, "recording_enabled": False}
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, **options) as session:
            address = f"ws://localhost:{session.hub.port}/tap"
            hub = await asyncio.to_thread(reach, address, tmp_path, MDXDASH_SECRET=SECRET)
            assert hub.welcome.name == "main"
            assert hub.place == f"localhost:{session.hub.port}"
            with pytest.raises(SystemExit):
                await asyncio.to_thread(reach, address, tmp_path)
            assert "another secret" in capsys.readouterr().err
            own = tmp_path / "own"
            own.mkdir()
            (own / "mdxdash.toml").write_text(f'[hub]\nsecret = "{SECRET}"\n', encoding="utf-8")
            with pytest.raises(SystemExit):  # the secret of the user's own hub goes nowhere
                await asyncio.to_thread(reach, address, own)


async def test_a_certificate_is_trusted_when_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cert, key = written_pair(tmp_path / "tls")
    tls = {"tls_cert": cert, "tls_key": key}
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, tap=True, recording_enabled=False, **tls) as session:
            address = f"wss://localhost:{session.hub.port}/tap"
            with pytest.raises(SystemExit):
                await asyncio.to_thread(reach, address, tmp_path)
            assert "`--tls-ca FILE` trusts a copy of it" in capsys.readouterr().err
            hub = await asyncio.to_thread(reach, address, tmp_path, Path(cert))
            assert hub.welcome.url.startswith("wss://")


def test_an_address_that_is_none_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for address, reason in (("http://robot", "expected an address"), ("ws://[::1]:1", "[::1]:1")):
        with pytest.raises(SystemExit) as ended:
            reach(address, tmp_path)
        assert ended.value.code == 2
        assert reason in capsys.readouterr().err
