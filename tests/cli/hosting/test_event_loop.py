"""Which event loop a hub gets."""

import asyncio
import logging
import sys

import pytest

from mdxdash.cli.hosting.event_loop import hub_loop

NAME = "winloop" if sys.platform == "win32" else "uvloop"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MDXDASH_LOOP", raising=False)
    pytest.importorskip(NAME, reason=f"{NAME} is not installed (pip install '.[fast]')")


@pytest.mark.usefixtures("installed")
def test_it_is_the_fast_one_where_that_is_installed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), asyncio.Runner(loop_factory=hub_loop()) as runner:
        assert type(runner.get_loop()).__module__.startswith(NAME)
    assert f"event loop: {NAME} " in caplog.text


@pytest.mark.usefixtures("installed")
def test_with_tls_it_is_asyncios_which_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert hub_loop(tls=True) is None
    assert "event loop: asyncio's" in caplog.text


@pytest.mark.usefixtures("installed")
def test_the_variable_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDXDASH_LOOP", "asyncio")
    assert hub_loop() is None


def test_it_is_asyncios_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MDXDASH_LOOP", raising=False)
    monkeypatch.setitem(sys.modules, NAME, None)
    assert hub_loop() is None


def test_another_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MDXDASH_LOOP", "fast")
    with pytest.raises(SystemExit) as ended:
        hub_loop()
    assert ended.value.code == 2
    assert "MDXDASH_LOOP can only be asyncio, not fast" in capsys.readouterr().err
