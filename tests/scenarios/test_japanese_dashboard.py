"""The dashboard in Japanese: everything is there at 80×24, and nothing is cut."""

import re
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from mdxdash.catalog.lookup import entries
from mdxdash.language.translation import use
from mdxdash.tui.widgets.key_footer import KeyFooter
from tests.support import dashboard_scene
from tests.support.apps import dashboard_app, loaded, screen_text
from tests.support.cut_texts import cut_texts
from tests.support.dashboard_places import MORE_MACROS, PLACES, Visitor, unvisited
from tests.support.dashboard_scene import scene_context
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]


@pytest.fixture(autouse=True)
def in_japanese() -> None:
    use("ja")


def footer(dashboard: Dashboard) -> str:
    keys = dashboard.app.screen.query_one(KeyFooter).shown
    return "  ".join(f"{each.key} {each.label}" for each in keys)


@pytest.mark.parametrize("size", SIZES)
async def test_titles_and_the_footer_are_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await dashboard.agent()
        await dashboard.until(lambda: "1 エージェント" in dashboard.screen())
        await dashboard.until(lambda: footer(dashboard))
        screen = dashboard.screen()
        for title in ("イベント", "会話", "タイムライン", "追従中", "入力 → 全エージェント"):
            assert title in screen
        assert cell_len(footer(dashboard)) <= size[0]
        for key in ("/ フィルタ", "^p パレット", "? ヘルプ", "q 終了"):
            assert key in footer(dashboard)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "texts"),
    [
        ("question_mark", ("/ でヘルプを検索", "共通", "esc 閉じる")),
        ("q", ("終了 (y)", "とどまる (n)")),
        ("z", ("件数", "割合", " エコー無")),
        ("v", ("接続中", "往復時間")),
        ("O", ("ストリームの列", "エージェント  ← 名前に合わせる")),
    ],
)
async def test_screens_are_in_japanese(
    tmp_path: Path, size: tuple[int, int], keys: str, texts: tuple[str, ...]
) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await dashboard.agent()
        await dashboard.mounted()
        await dashboard.press(keys)
        for text in texts:
            await dashboard.until(lambda text=text: text in dashboard.screen())


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
async def test_nothing_is_cut_on_any_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_scene, "MACROS", dashboard_scene.MACROS + MORE_MACROS)
    context = scene_context(tmp_path, monkeypatch)
    app = dashboard_app(context)
    cut, visited = [], set()
    async with app.run_test(size=(80, 24)) as pilot, context.runner.running():
        await loaded(app, pilot)
        visitor = Visitor(app, pilot, monkeypatch)
        for name, place in PLACES.items():
            await visitor.go_to(place)
            visited.add(type(app.screen))
            app.dashboard._draw_stream_state()  # as the next frame does
            cut += [f"{name}: {each}" for each in cut_texts(app.screen)]
    assert not cut, "\n".join(cut)
    assert not unvisited(visited)


ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{2,})+\b")
"""Two words: what is left of a text without Japanese. One alone may be a name, a key, a term."""

NAMES = {
    # Macros of the scene, and those that are ready-made, with their steps.
    *("Test message", "Connection test", "Dump all variables as they are set", "Log recording"),
    *("Smoke test of models and motions", "Timer round trip", "echo type", "on type", "wait is"),
    "wait type",
    # What the agent of the scene wrote, and files and lanes of the compared session.
    *("cannot load file", "friend base", "friend bye", "gene action", "gene blink", "gene listen"),
    "this session",
    # Arguments of messages, as MMDAgent-EX's documentation names them: those of the newest event of
    # the scene are shown, which is now one, now another.
    *(argument.name for entry in entries() for form in entry.forms for argument in form),
    "floor image",
    # Terms of the filter language.
    "two words",
}

IN_ENGLISH = ("explain", "older events")
"""Places that the tests make with texts of the catalog in English."""


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
async def test_there_is_no_english_on_any_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_scene, "MACROS", dashboard_scene.MACROS + MORE_MACROS)
    context = scene_context(tmp_path, monkeypatch)
    context.language = "ja"
    app = dashboard_app(context)
    found: dict[str, set[str]] = {}
    async with app.run_test(size=(160, 45)) as pilot, context.runner.running():
        await loaded(app, pilot)
        visitor = Visitor(app, pilot, monkeypatch)
        for name, place in PLACES.items():
            if name in IN_ENGLISH:
                continue
            await visitor.go_to(place)
            await pilot.pause()
            if english := set(ENGLISH.findall(screen_text(app))) - NAMES:
                found[name] = english
    assert found == {}


async def test_what_the_hub_has_recorded_is_shown_in_japanese(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        text = "closed by the agent with code 1000"
        event = dashboard.log.append("disconnected", "chat", text=text)
        wanted = "エージェントがコード 1000 で閉じました"
        await dashboard.until(lambda: wanted in dashboard.screen())
        assert [each.text for each in dashboard.log.slice(event.seq, event.seq + 1)] == [text]


async def test_a_finding_is_shown_in_japanese(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        await dashboard.agent()
        await dashboard.mounted()
        await dashboard.press("c")
        await dashboard.type("NO_SUCH_TYPE")
        await dashboard.until(
            lambda: "MMDAgent-EX のメッセージではありません" in dashboard.screen()
        )
