"""The dashboard in a terminal in which arrows and circles are two cells wide, and with the
terminal's own colours."""

import ast
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import mdxdash
from mdxdash.language.translation import Language, use
from mdxdash.tui.palette import Commands
from mdxdash.tui.sessions_app import SessionsApp
from mdxdash.tui.signs import LEGEND, ascii_table
from tests.contrast import ansi_themes, measure_ansi, strange_colours, unmarked
from tests.support import dashboard_scene
from tests.support.apps import dashboard_app, loaded, press, screen_text
from tests.support.dashboard_places import MORE_MACROS, PLACES, Visitor
from tests.support.dashboard_scene import scene, scene_context
from tests.support.extraction import read_translations

PACKAGE = Path(mdxdash.__file__).parent
SHOWN_ROOMS = ("tui", "events", "alerts", "hub", "macros", "dialogue", "catalog")
NOT_DRAWN = {
    # Letters without a shape, which are shown by their numbers.
    "events/printable.py",
    # Japanese and other text that is compared or broken into lines, not drawn by itself.
    "tui/widgets/line_breaking.py",
}


def ambiguous(text: str) -> set[str]:
    """The characters of a text that are one cell wide in some terminals, and two in others."""
    return {each for each in text if unicodedata.east_asian_width(each) == "A"}


def test_every_sign_has_an_equal_of_one_character() -> None:
    for sign, plain in ascii_table().items():
        assert plain.isascii() and plain.isprintable() and len(plain) == 1, chr(sign)


def test_no_two_signs_of_a_section_of_the_legend_become_the_same() -> None:
    for title, rows in LEGEND:
        plain = [sign.translate(ascii_table()) for sign, _meaning in rows]
        assert len(set(plain)) == len(plain), (title, plain)


def texts_of_the_source() -> Iterator[tuple[str, str]]:
    for room in SHOWN_ROOMS:
        for path in (PACKAGE / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            documentation = {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            }
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and node not in documentation
                ):
                    yield path.relative_to(PACKAGE).as_posix(), node.value


def test_the_table_has_every_sign_of_the_source_and_of_the_translations() -> None:
    pytest.importorskip("babel")
    known = {chr(code) for code in ascii_table()}
    missing = {
        (name, each)
        for name, text in texts_of_the_source()
        if name not in NOT_DRAWN
        for each in ambiguous(text) - known
    }
    missing |= {
        ("translations", each)
        for message in read_translations()
        for text in (message.string if isinstance(message.string, tuple) else [message.string])
        for each in ambiguous(text or "") - known
    }
    assert not missing


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
@pytest.mark.parametrize(
    ("size", "language", "places"),
    [
        ((80, 24), "ja", tuple(PLACES)),
        ((160, 45), "en", ("stream", "event", "conversation", "timeline", "help", "statistics")),
    ],
)
async def test_no_screen_has_a_character_whose_width_is_ambiguous(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: Language,
    places: Sequence[str],
) -> None:
    monkeypatch.setattr(dashboard_scene, "MACROS", dashboard_scene.MACROS + MORE_MACROS)
    use(language)
    context = scene_context(tmp_path, monkeypatch, ascii_signs=True)
    app = dashboard_app(context)
    found = {}
    async with app.run_test(size=size) as pilot, context.runner.running():
        await loaded(app, pilot)
        visitor = Visitor(app, pilot, monkeypatch)
        for name in (*places, "palette"):
            await visitor.go_to(PLACES.get(name, ()))
            if name == "palette":
                await press(pilot, "ctrl+p")
            text = screen_text(app)
            assert name != "stream" or "+-" in text  # a border
            if strange := ambiguous(text):
                found[name] = strange
    assert not found


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
async def test_ansi_themes_draw_with_the_terminals_own_pair_and_mark_by_bold_and_reverse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = scene(tmp_path, monkeypatch)
    places = ("stream", "types", "quit")  # the script has all
    wrong = await measure_ansi(app, ansi_themes(app), places)
    assert wrong == {name: [] for name in ansi_themes(app)}
    assert len(wrong) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="the scene's time zone needs tzset")
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_with_no_color_there_is_none_whatever_theme_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    context = scene_context(tmp_path, monkeypatch)
    context.theme = "nord"
    app = dashboard_app(context)
    kept = []
    context.keep_theme = kept.append
    async with app.run_test(size=size) as pilot:
        await loaded(app, pilot)
        await press(pilot, "up", "up")
        await pilot.pause()
        assert [*strange_colours(app), *unmarked(app)] == []
        offered = [hit.text async for hit in Commands(app.screen).discover()]
        assert "Theme" not in offered and "Help" in offered
    assert not kept
    assert context.theme == "nord"


async def test_the_sessions_are_shown_without_colours_and_in_ascii_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    app = SessionsApp(tmp_path, theme="nord", ascii_signs=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips(app.size)
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        assert not any(style.color or style.bgcolor for style in styles)
        assert not ambiguous("".join(strip.text for strip in strips))
