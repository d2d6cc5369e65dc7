"""Other keys from the settings: they work, and footer, help and palette show them."""

from pathlib import Path

import pytest

from mdxdash.tui.key_actions import usable_keys
from mdxdash.tui.screens.help import HelpScreen
from tests.support.dashboards import Dashboard, running_dashboard

SIZES = [(80, 24), (160, 45)]
KEYS = {
    "only_this_type": ["I"],
    "filter": ["G"],
    "hold": ["K", "ctrl+n"],
    "select_up": ["shift+up"],
    "runs": ["f11"],
    "edit": ["ctrl+x"],
}


def keys(dashboard: Dashboard) -> dict[str, str]:
    """The keys that work where the focus is, by what they do."""
    return {each.binding.description: each.all_keys for each in usable_keys(dashboard.app.screen)}


@pytest.mark.parametrize("size", SIZES)
async def test_changed_keys_work_and_the_old_ones_do_not(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size, keys=KEYS) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "ONE|1", "TWO|2")
        await dashboard.press("o", "slash", "space")
        assert not dashboard.panes.filter_bar.text and dashboard.panes.stream.following
        assert dashboard.app.focused is dashboard.panes.stream
        await dashboard.press("I")
        await dashboard.until(lambda: "type:" in dashboard.panes.filter_bar.text)
        await dashboard.press("I", "K")
        assert not dashboard.panes.stream.following
        await dashboard.press("ctrl+n")
        assert dashboard.panes.stream.following
        await dashboard.press("t", "down", "I")
        await dashboard.until(lambda: "type:" in dashboard.panes.filter_bar.text)


@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_is_typed_in_a_text_field_and_a_function_key_works_there(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size, keys=KEYS) as dashboard:
        await dashboard.press("G")
        assert dashboard.app.focused is dashboard.panes.filter_bar.input
        await dashboard.press("G", "I", "K")
        assert dashboard.panes.filter_bar.text == "GIK"
        await dashboard.press("f11")
        await dashboard.until(lambda: "Runs of macros" in dashboard.screen())


@pytest.mark.parametrize("size", SIZES)
async def test_footer_help_and_palette_show_them(tmp_path: Path, size: tuple[int, int]):
    macros = '[[macro]]\nname = "A"\nsend = "A"\n'
    async with running_dashboard(tmp_path, size=size, keys=KEYS, macros=macros) as dashboard:
        await dashboard.until(lambda: "G Filter" in dashboard.screen().splitlines()[-1])
        assert size[0] < 100 or "K Hold" in dashboard.screen().splitlines()[-1]
        shown = keys(dashboard)
        assert (shown["Filter"], shown["Hold"], shown["Runs"]) == ("G", "K ctrl+n", "F11")
        await dashboard.press("m")
        assert keys(dashboard)["Edit"] == "ctrl+x"
        titles = {
            each.label: each.key for each in dashboard.panes.palette_actions(dashboard.app.screen)
        }
        assert (titles["Hold"], titles["Runs"]) == ("K", "F11")
        await dashboard.press("question_mark")
        await dashboard.until(lambda: isinstance(dashboard.app.screen, HelpScreen))
        assert isinstance(dashboard.app.screen, HelpScreen)
        rows = {what: key for each in dashboard.app.screen.sections for key, what in each.rows}
        assert rows["Type a filter"] == "G"
        assert rows["Search the help"] == "G"
        assert rows["Hold the stream, or follow it again"] == "K ctrl+n"
        assert rows["Edit the macro"] == "ctrl+x"
        await dashboard.press("G")
        assert dashboard.app.focused is dashboard.app.screen.field


async def test_the_keys_of_a_recording_stay_where_a_pane_of_the_dashboard_has_others() -> None:
    """A recording has Play where the dashboard has Hold, on the same key."""
    from textual.app import App

    from mdxdash.tui.dashboard.recorded import RecordedScreen
    from mdxdash.tui.key_settings.keymap import use_keys

    class Recorded(App[None]):
        BINDINGS = [*RecordedScreen.BINDINGS, *RecordedScreen.__mro__[1].BINDINGS]  # noqa: RUF012

    app = Recorded()
    use_keys(app, {"hold": ["K"]})
    async with app.run_test():
        actions = {key: each.binding.action for key, each in app.screen.active_bindings.items()}
    assert (actions["space"], actions["K"]) == ("play", "hold")
