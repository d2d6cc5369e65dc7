"""`mdxdash attach`: where there is no terminal, and where the hub begins a new session."""

from pathlib import Path

import pytest

from mdxdash.cli.commands.attach import show_attached
from mdxdash.cli.reaching.reached_hub import ReachedHub
from mdxdash.remote.attached.line_channel import LineChannel
from mdxdash.settings.resolution import resolve
from mdxdash.tui.app import MdxdashApp
from mdxdash.tui.dashboard.attached import AttachedScreen
from tests.support.programs import mdxdash
from tests.support.scripted_hub import welcome


def test_without_a_terminal_it_says_what_works_without() -> None:
    result = mdxdash("attach")
    assert result.returncode == 2
    assert "there is no terminal here" in result.stderr


async def nowhere() -> LineChannel:
    raise ConnectionRefusedError


def test_a_new_session_of_the_hub_is_shown_in_a_new_app_with_the_same_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[AttachedScreen] = []

    def run(app: MdxdashApp, linger: float) -> int:
        screen = app._load()(app)
        assert isinstance(screen, AttachedScreen)
        shown.append(screen)
        if len(shown) == 1:
            screen._begin_again("type:A")
            screen._attachment.hub.welcome = welcome(name="again")
            return 0
        return 3

    monkeypatch.setattr("mdxdash.cli.dashboards.terminal_run.run_dashboard", run)
    hub = ReachedHub(nowhere, welcome(name="first"))
    assert show_attached(resolve({}, {}, None, tmp_path), hub) == 3
    first, second = shown
    assert not first.context.take_news()
    assert second._filter_text == "type:A"
    assert "started again" in second.context.take_news()[0]
    assert second._attachment.hub.welcome.name == "again"
