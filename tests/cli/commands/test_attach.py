"""`mdxdash attach`: which hub it is, and what is said where that is not clear."""

from pathlib import Path

import pytest

from mdxdash.cli.running_hubs import welcome_of
from tests.support.faces import runtime_folder, session_in
from tests.support.programs import mdxdash


def test_without_a_terminal_it_says_what_works_without() -> None:
    result = mdxdash("attach")
    assert result.returncode == 2
    assert "there is no terminal here" in result.stderr


def test_without_a_hub_it_says_how_one_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with runtime_folder(monkeypatch):
        with pytest.raises(SystemExit) as ended:
            welcome_of(None)
        assert ended.value.code == 2
        assert "no hub runs; `mdxdash serve` starts one" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            welcome_of("robot")
        assert "no hub named robot runs" in capsys.readouterr().err


def in_thread(name: str | None) -> str:
    return welcome_of(name).name


async def test_the_only_hub_is_the_one_that_is_meant_and_of_several_one_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, recording_enabled=False):
            assert await asyncio.to_thread(in_thread, None) == "main"
            async with session_in(tmp_path, recording_enabled=False, name="robot"):
                assert await asyncio.to_thread(in_thread, "robot") == "robot"
                with pytest.raises(SystemExit):
                    await asyncio.to_thread(in_thread, None)
    assert "several hubs run: main, robot; name one" in capsys.readouterr().err
