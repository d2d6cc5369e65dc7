"""What is checked before a dashboard runs."""

from pathlib import Path

import pytest
from textual.app import App

from mdxdash.cli.dashboards.terminal_run import (
    check_filters,
    check_keys,
    check_theme,
    show_dashboard,
)
from mdxdash.settings.resolution import resolve
from mdxdash.tui.app import MakeScreen, MdxdashApp
from mdxdash.tui.first_picture import looking_at
from mdxdash.tui.key_settings.keymap import shown_key


def check(tmp_path: Path, theme: str) -> None:
    """Checks the theme of a settings file."""
    file = tmp_path / "mdxdash.toml"
    file.write_text(f'[screen]\ntheme = "{theme}"\n', encoding="utf-8")
    settings = resolve({"recording_enabled": False}, {}, file, tmp_path)
    check_theme(App(), settings)


def test_a_theme_of_textual_is_right(tmp_path: Path) -> None:
    check(tmp_path, "nord")


def test_an_unknown_theme_ends_the_program_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        check(tmp_path, "nrod")
    assert ended.value.code == 2
    message = '[screen] `theme`: expected the name of a theme, got "nrod": did you mean "nord"?'
    assert f"mdxdash.toml:2: {message}" in capsys.readouterr().err


def test_a_saved_filter_that_is_none_ends_the_program_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[filters]\ngood = "level:error"\nbad = "type:"\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        check_filters(resolve({}, {}, file, tmp_path))
    assert ended.value.code == 2
    assert "mdxdash.toml:3: [filters] `bad`: a value is missing" in capsys.readouterr().err


def test_a_highlight_whose_filter_is_none_ends_the_program_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[highlights]\n"level:error" = "error"\n"(a" = "error"\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        check_filters(resolve({}, {}, file, tmp_path))
    assert ended.value.code == 2
    assert "mdxdash.toml:3: [highlights] `(a`: " in capsys.readouterr().err


def test_a_key_for_an_action_that_does_not_exist_ends_the_program_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[keys]\nruns = "U"\nonli_this_type = "I"\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        check_keys(resolve({}, {}, file, tmp_path))
    assert ended.value.code == 2
    message = "[keys] `onli_this_type` is no action: did you mean `only_this_type`?"
    assert f"mdxdash.toml:3: {message}" in capsys.readouterr().err


def nothing() -> MakeScreen:
    raise AssertionError("nothing is loaded")


@pytest.mark.parametrize(
    "text", ['[screen]\ntheme = "nrod"\n', '[keys]\nruns = "3"\n', '[filters]\nbad = "type:"\n']
)
def test_no_dashboard_is_shown_where_something_in_the_settings_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
) -> None:
    monkeypatch.setattr("mdxdash.cli.dashboards.terminal_run.run_dashboard", nothing)
    file = tmp_path / "mdxdash.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        show_dashboard(resolve({}, {}, file, tmp_path), nothing, looking_at("", ""))
    assert ended.value.code == 2
    assert "mdxdash.toml:2: " in capsys.readouterr().err


@pytest.mark.parametrize(("in_browser", "key"), [(False, "U"), (True, "u")])
def test_a_browser_does_not_get_the_keys_of_whose_settings_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_browser: bool, key: str
) -> None:
    def run(app: MdxdashApp, linger: float) -> int:
        assert shown_key(app, "runs") == key
        return 7

    monkeypatch.setattr("mdxdash.cli.dashboards.terminal_run.run_dashboard", run)
    file = tmp_path / "mdxdash.toml"
    file.write_text('[keys]\nruns = "U"\n', encoding="utf-8")
    settings = resolve({}, {}, file, tmp_path)
    assert show_dashboard(settings, nothing, looking_at("", ""), in_browser=in_browser) == 7
