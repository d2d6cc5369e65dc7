"""Settings: who wins, and what is answered to a error."""

from operator import attrgetter
from pathlib import Path

import pytest

from mdxdash.settings.model import Settings
from mdxdash.settings.resolution import (
    find_file,
    resolve,
    user_settings_file,
)
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.settings.toml_source import SettingsError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The user's own settings file, which is not there yet."""
    return tmp_path / "home" / "mdxdash.toml"


def write(folder: Path, text: str, name: str = "mdxdash.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def settings(
    here: Path,
    home: Path,
    options: dict[str, object] | None = None,
    config_file: Path | None = None,
    **environ: str,
) -> Settings:
    return resolve(options or {}, environ, config_file, here, home)


def test_with_nothing_given_the_defaults_are_in_force(here: Path, home: Path) -> None:
    assert settings(here, home) == Settings(file=home)


def test_the_file_wins_over_the_defaults(here: Path, home: Path) -> None:
    file = write(here, '[hub]\nport = 1\nsilent_after = "2m"\nallow_origins = ["http://a"]\n')
    assert settings(here, home, config_file=file).hub == HubSettings(
        port=1, silent_after=120.0, allow_origins=("http://a",)
    )


def test_the_environment_wins_over_the_file(here: Path, home: Path) -> None:
    write(here, '[hub]\nport = 1\npath = "/file"\n')
    found = settings(here, home, MDXDASH_PORT="2")
    assert (found.hub.port, found.hub.path) == (2, "/file")


def test_options_win_over_the_environment(here: Path, home: Path) -> None:
    found = settings(here, home, {"port": 3, "host": None}, MDXDASH_PORT="2", MDXDASH_HOST="::1")
    assert (found.hub.port, found.hub.host) == (3, "::1")


def test_an_empty_variable_is_none(here: Path, home: Path) -> None:
    assert settings(here, home, MDXDASH_PORT="").hub.port == 9001


@pytest.mark.parametrize(
    ("variable", "text", "setting", "value"),
    [
        ("MDXDASH_SILENT_AFTER", "500ms", "hub.silent_after", 0.5),
        (
            "MDXDASH_ALLOW_ORIGINS",
            "http://a, http://b",
            "hub.allow_origins",
            ("http://a", "http://b"),
        ),
        ("MDXDASH_LOG_EVENTS", "10", "log.events", 10),
        ("MDXDASH_RECORDING_ENABLED", "false", "recording.enabled", False),
        ("MDXDASH_RECORDING_DIRECTORY", "~/rec", "recording.directory", "~/rec"),
        ("MDXDASH_RECORDING_BYTES", "1 KiB", "recording.bytes", 1024),
        ("MDXDASH_SCREEN_THEME", "nord", "screen.theme", "nord"),
    ],
)
def test_a_variable_is_read_as_its_setting_is(
    tmp_path: Path, variable: str, text: str, setting: str, value: object
) -> None:
    found = resolve({}, {variable: text}, None, tmp_path, tmp_path / "none.toml")
    assert attrgetter(setting)(found) == value


def test_the_working_directory_s_file_wins_over_the_user_s(here: Path, home: Path) -> None:
    home.parent.mkdir()
    write(home.parent, "[hub]\nport = 1\n")
    assert settings(here, home).hub.port == 1
    write(here, "[hub]\nport = 2\n")
    assert settings(here, home).hub.port == 2


def test_without_a_file_the_user_s_is_the_one_to_write(here: Path, home: Path) -> None:
    assert find_file(here, home) == home
    assert user_settings_file().name == "mdxdash.toml"


def test_a_named_file_is_the_only_one(here: Path, home: Path) -> None:
    write(here, "[hub]\nport = 1\npath = '/here'\n")
    named = write(here, "[hub]\nport = 2\n", "other.toml")
    found = settings(here, home, config_file=Path("other.toml"))
    assert (found.file, found.hub) == (named, HubSettings(port=2))
    assert settings(here, home, MDXDASH_CONFIG="other.toml") == found


def test_a_named_file_must_be_there(here: Path, home: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: the file cannot be read: "):
        settings(here, home, config_file=here / "none.toml")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[hub]\nprot = 1\n", "2: [hub] `prot` is no known key: did you mean `port`?"),
        ("\n[huv]\n", "2: `huv` is no known key: did you mean `hub`?"),
        ("hub = 1\n", "1: `hub`: expected a table with the header [hub], got 1"),
        ("version = 2\n", "1: `version`: expected 1, the only one that this mdxdash knows, got 2"),
        ("[hub]\nport = 70000\n", "2: [hub] `port`: expected a port from 0 to 65535, got 70000"),
        (
            '[hub]\nport = "9001"\n',
            '2: [hub] `port`: expected a port from 0 to 65535, got "9001"',
        ),
        (
            '[hub]\npath = "chat"\n',
            '2: [hub] `path`: expected a path that begins with "/", without spaces, "?" and "#", '
            'got "chat": write "/chat"',
        ),
        (
            '[hub]\nhost = ""\n',
            '2: [hub] `host`: expected a host name or address such as "localhost", got ""',
        ),
        (
            "[hub]\nsilent_after = 60\n",
            '2: [hub] `silent_after`: expected a duration above 0, such as "60s", got 60',
        ),
        (
            '[hub]\nallow_origins = [\n  "a",\n  1,\n]\n',
            '4: [hub] `allow_origins`: expected a list of origins such as ["http://localhost:3000"]'
            ', got ["a", 1]',
        ),
        (
            '[recording]\nbytes = "big"\n',
            '2: [recording] `bytes`: expected a size such as "2 GiB", got "big"',
        ),
        ("hub.queue = 0\n", "1: [hub] `queue`: expected a number of lines, 1 or more, got 0"),
    ],
)
def test_an_error_in_the_file_has_its_line(here: Path, home: Path, text: str, shown: str) -> None:
    write(here, text)
    with pytest.raises(SettingsError) as caught:
        settings(here, home)
    assert str(caught.value) == f"mdxdash.toml:{shown}"


def test_an_error_in_the_environment_names_the_variable(here: Path, home: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(here, home, MDXDASH_PORT="abc")
    assert str(caught.value) == 'MDXDASH_PORT: expected a port from 0 to 65535, got "abc"'


def test_an_error_in_an_option_names_the_option(here: Path, home: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(here, home, {"silent_after": "soon"})
    assert str(caught.value) == (
        '--silent-after: expected a duration above 0, such as "60s", got "soon"'
    )


def test_an_error_in_the_file_is_reported_though_an_option_hides_it(here: Path, home: Path) -> None:
    write(here, "[hub]\nport = 70000\n")
    with pytest.raises(SettingsError, match="got 70000"):
        settings(here, home, {"port": 1})


def test_an_option_that_is_no_setting_is_an_error_of_the_program(here: Path, home: Path) -> None:
    with pytest.raises(ValueError, match="no such settings: verbose"):
        settings(here, home, {"verbose": True})


def test_macros_in_the_file_are_left_to_others(here: Path, home: Path) -> None:
    write(here, "[[macro]]\nwhatever = 1\n")
    assert settings(here, home).hub == HubSettings()


def test_groups_are_names_for_several_agents(tmp_path: Path) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[groups]\nleft = ["chat", "chat-1"]\n', encoding="utf-8")
    assert resolve({}, {}, file, tmp_path).groups == {"left": ("chat", "chat-1")}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('left = "chat"', 'expected a list of agents such as \\["chat", "chat-1"\\], got "chat"'),
        ("left = []", "expected a list of agents"),
        ("left = [1]", "expected a list of agents"),
        ('all = ["chat"]', "`all` means every agent"),
    ],
)
def test_an_error_in_a_group_names_its_line(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text(f"[groups]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"mdxdash\.toml:2: \[groups\] .*{message}"):
        resolve({}, {}, file, tmp_path)


@pytest.mark.parametrize("value", ['""', '"  "', "1", '["a"]'])
def test_a_saved_filter_is_a_text(tmp_path: Path, value: str) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text(f"[filters]\nerrors = {value}\n", encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"mdxdash\.toml:2: \[filters\] `errors`: expected a filter"
    ):
        resolve({}, {}, file, tmp_path)


@pytest.mark.parametrize("value", ['"pink"', '""', "1", '["error"]'])
def test_the_colour_of_a_highlight_is_one_of_the_themes(tmp_path: Path, value: str) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text(f'[highlights]\n"type:A" = {value}\n', encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r'mdxdash\.toml:2: \[highlights\] `type:A`: expected "primary", '
    ):
        resolve({}, {}, file, tmp_path)
