"""A text or a sound file that agents speak, from the dashboard."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.protocol import Speak
from mdxdash.remote.speaking import speak_checked
from mdxdash.speech.engine import SpeechEngine
from mdxdash.tui.actions.speech_control import request_for
from mdxdash.tui.screens.dialogs.line_dialog import LineDialog
from tests.speech.sources.test_sound_file import write_wav
from tests.support.attached_dashboards import attached_dashboard
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.faces import runtime_folder, session_in
from tests.support.heard import noise


@pytest.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HubSession]:
    """A hub in another place."""
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path) as session:
            yield session


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("こんにちは", Speak(text="こんにちは")),
        ("0| hello.", Speak(text="hello.", model="0")),
        ("/a/greet.WAV", Speak(file="/a/greet.WAV")),
        ("gene|/a/b.mp3", Speak(file="/a/b.mp3", model="gene")),
        ("a|b|c", Speak(text="b|c", model="a")),
    ],
)
def test_a_line_is_a_text_or_a_file_and_may_name_a_model(line: str, request_: Speak) -> None:
    assert request_for(line, None) == request_


async def asked(dashboard: Dashboard, line: str) -> None:
    """Types a line into the dialog."""
    await dashboard.press("V")
    await dashboard.until(lambda: isinstance(dashboard.app.screen, LineDialog))
    await dashboard.type(line)
    await dashboard.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_file_is_played_and_what_cannot_be_is_named(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wav(tmp_path / "a.wav", noise(0.2))
    monkeypatch.chdir(tmp_path)
    async with running_dashboard(tmp_path, size=size) as dashboard:
        engine = SpeechEngine(dashboard.hub, dashboard.log)
        dashboard.app.context.speak = partial(speak_checked, dashboard.hub, engine)
        await dashboard.agent()
        await asked(dashboard, "0|a.wav")
        await dashboard.until(lambda: "has spoken a.wav" in dashboard.screen())
        await asked(dashboard, "b.wav")
        await dashboard.until(lambda: dashboard.notified("b.wav: No such file"))
        await asked(dashboard, "hello")
        await dashboard.until(lambda: dashboard.notified("Not spoken: there is no voice"))


async def test_a_dashboard_elsewhere_lets_the_hub_s_agents_speak(
    session: HubSession, tmp_path: Path
) -> None:
    file = write_wav(tmp_path / "a.wav", noise(0.2))
    async with attached_dashboard(session, tmp_path) as dashboard:
        await dashboard.agent()
        speak = dashboard.app.context.speak
        assert speak is not None
        await speak(Speak(file=str(file), model="0"))
        await dashboard.until(lambda: "has spoken a.wav" in dashboard.screen())
        await asked(dashboard, "hello")
        await dashboard.until(lambda: dashboard.notified("Not spoken: there is no voice"))


async def test_a_file_in_no_home_folder_is_told_in_the_dialog(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await asked(dashboard, "~no-such-user-here/a.wav")
        await dashboard.until(lambda: "there is no such home folder" in dashboard.screen())
