"""The model of all settings, and where a value comes from."""

import re
from pathlib import Path

import pytest

from mdxdash.settings.model import SECTIONS, Origin, Settings, all_settings
from mdxdash.settings.resolution import resolve
from mdxdash.settings.setting import Setting

every_setting = pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)

HARMLESS = [
    *("hub.port", "hub.path", "hub.name", "hub.silent_after", "hub.linger"),
    *("hub.keeper", "hub.queue"),
    *(
        "hub.exclusive",
        "hub.max_agents",
        "hub.handshake_timeout",
        "hub.half_open",
        "hub.request_bytes",
    ),
    *("hub.frame_bytes", "hub.frame_timeout", "hub.unread_bytes", "hub.relay_bytes"),
    *(
        "hub.tap_read_only",
        "hub.tap_bytes",
        "log.events",
        "log.bytes",
        "recording.waiting",
        "screen.theme",
        "screen.language",
        "screen.gap",
    ),
    *("screen.columns", "screen.time", "screen.agent_width", "screen.type_width", "screen.wrap"),
    "screen.ascii",
    "web.port",
    *("speech.lead", "speech.longest", "dialogue.answer_within"),
    "fleet.name",
    "fleet.interval",
    "fleet.buffer",
    "alerts.bell",
]


def settings_from(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "mdxdash.toml"
    file.write_text(text, encoding="utf-8")
    return resolve({"host": "::1"}, environ, file, tmp_path)


def test_every_field_is_a_setting() -> None:
    names = [f"{name}.{key}" for name, owner in SECTIONS.items() for key in owner.__struct_fields__]
    assert [setting.name for setting in all_settings()] == names


@pytest.mark.parametrize("attribute", ["variable", "argument"])
def test_no_two_settings_share_a_name(attribute: str) -> None:
    names = [getattr(setting, attribute) for setting in all_settings()]
    assert len(names) == len(set(names))


def test_no_two_settings_of_a_section_share_an_option() -> None:
    # The options of different commands may: `mdxdash --host`, `mdxdash web --host`.
    options = [(setting.section, setting.option) for setting in all_settings()]
    assert len(options) == len(set(options))


@every_setting
def test_each_has_a_meaning_of_whole_sentences(setting: Setting) -> None:
    assert re.fullmatch(r"[A-Z`].*\.", setting.about.meaning)
    assert setting.expected


@every_setting
def test_a_number_has_a_unit_or_is_a_port(setting: Setting) -> None:
    assert (setting.form == "number") == bool(setting.about.unit) or setting.key == "port"


def test_a_setting_that_needs_trust_is_not_called_harmless() -> None:
    # A new setting must be looked at before it is added here.
    assert [s.name for s in all_settings() if s.about.trust == "harmless"] == HARMLESS


def test_only_secrets_and_relay_are_private() -> None:
    private = [s.name for s in all_settings() if s.about.private]
    assert private == ["hub.secret", "hub.relay", "web.secret", "fleet.url", "remdis.url"]


def test_each_value_has_its_origin(tmp_path: Path) -> None:
    settings = settings_from(
        tmp_path,
        'version = 1\n[hub]\nport = 5\nhost = "a"\n[groups]\nleft = ["chat"]\n',
        MDXDASH_LOG_EVENTS="7",
    )
    found = {name: str(origin) for name, origin in settings.origins.items()}
    assert found == {
        "hub.host": "--host",
        "hub.port": f"{tmp_path / 'mdxdash.toml'}:3",
        "log.events": "MDXDASH_LOG_EVENTS",
        "groups.left": f"{tmp_path / 'mdxdash.toml'}:6",
    }
    assert settings.origin("hub.port").line == 3
    assert str(settings.origin("hub.queue")) == "default"
    assert settings.origin("hub.queue").line is None


def test_an_error_found_elsewhere_names_the_origin(tmp_path: Path) -> None:
    message = "`theme`: expected a theme, got nothing"
    settings = settings_from(tmp_path, '\n[screen]\ntheme = "x"\n')
    error = settings.origin("screen.theme").error(message)
    assert str(error) == f"{tmp_path / 'mdxdash.toml'}:3: [screen] {message}"
    settings = settings_from(tmp_path, "", MDXDASH_SCREEN_THEME="x")
    error = settings.origin("screen.theme").error(message)
    assert str(error) == "MDXDASH_SCREEN_THEME: expected a theme, got nothing"
    assert str(Origin().error(message)) == message


def test_its_repr_holds_no_text_of_the_file(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, '[hub]\nsecret = "0123456789abcdef"\n')
    assert "0123456789abcdef" not in repr(settings)
