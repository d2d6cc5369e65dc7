"""A settings file that nobody named takes effect only as far as it can do no harm, until the user
trusts it."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from mdxdash.settings.model import Settings, all_settings
from mdxdash.settings.resolution import not_harmless, resolve
from mdxdash.settings.saving import save_setting
from mdxdash.settings.setting import Setting, literal
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.settings.trust import TrustedFiles, user_trust_file
from tests.support.homes import HOME_VARIABLES

OTHER_VALUES = {
    "screen.language": "ja",
    "hub.host": "0.0.0.0",
    "hub.path": "/other",
    "hub.name": "robot",
    "hub.secret": "correct-horse-battery",
    "hub.tls_cert": "cert.pem",
    "hub.tls_key": "key.pem",
    "hub.relay": "ws://example.org/chat",
    "hub.allow_origins": ["http://example.org"],
    "recording.directory": "elsewhere",
    "screen.theme": "nord",
    "screen.columns": ["type", "arguments"],
    "screen.time": "session",
    "web.host": "0.0.0.0",
    "web.names": ["robot.example"],
    "web.secret": "battery-horse-correct",
    "web.tls_cert": "cert.pem",
    "web.tls_key": "key.pem",
    "fleet.url": "amqps://broker.example.org",
    "fleet.name": "room-3",
    "fleet.credentials": "credentials",
    "fleet.tls_ca": "ca.pem",
    "remdis.url": "amqp://localhost",
    "remdis.credentials": "credentials",
    "remdis.tls_ca": "ca.pem",
    "alerts.run": "notify",
}
"""A value for each setting that no other one can be made for by `other_value`."""


def other_value(setting: Setting) -> Any:
    """A written value that is not the default."""
    if setting.name in OTHER_VALUES:
        return OTHER_VALUES[setting.name]
    match setting.form:
        case "switch":
            return not setting.default
        case "number":
            return setting.default + 1
        case "duration":
            return f"{(setting.default or 0) + 1:g}s"
        case "size":
            return f"{setting.default + 1} B"
    raise AssertionError(f"a value for {setting.name} is missing above")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, and a home of the user's elsewhere."""
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(tmp_path / "home"))
    folder = tmp_path / "downloaded"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The user's own settings file, which is not there yet."""
    return tmp_path / "home" / "own.toml"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def settings(here: Path, own: Path, *, config_file: Path | None = None, **environ: str) -> Settings:
    return resolve({}, environ, config_file, here, own)


def trust(file: Path) -> None:
    TrustedFiles().add(read_toml(file))


def value(found: Settings, setting: Setting) -> Any:
    return getattr(getattr(found, setting.section), setting.key)


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_only_a_harmless_setting_takes_effect_before_the_file_is_trusted(
    setting: Setting, here: Path, own: Path
) -> None:
    given = literal(other_value(setting))
    file = write(here / "mdxdash.toml", f"[{setting.section}]\n{setting.key} = {given}\n")
    found = settings(here, own)
    if setting.about.trust == "harmless":
        assert value(found, setting) != setting.default
        assert found.waiting == ()
    else:
        assert value(found, setting) == setting.default
        assert [each.setting.name for each in found.waiting] == [setting.name]
        assert found.waiting[0].origin.line == 2
        assert found.origin(setting.name).kind == "default"
    trust(file)
    found = settings(here, own)
    assert value(found, setting) != setting.default
    assert found.waiting == ()


def test_every_kind_of_harm_that_settings_do_is_among_the_settings() -> None:
    kinds = {setting.about.trust for setting in all_settings()}
    assert kinds == {"harmless", "opens", "deletes", "sends", "forwards", "runs"}


@pytest.mark.parametrize("change", ["append", "one byte"])
def test_a_changed_file_is_no_longer_trusted(change: str, here: Path, own: Path) -> None:
    file = write(here / "mdxdash.toml", "[hub]\ntap = true\n# 1\n")
    trust(file)
    assert settings(here, own).hub.tap
    text = file.read_text(encoding="utf-8")
    write(file, text + "\n" if change == "append" else text.replace("1", "2"))
    found = settings(here, own)
    assert not found.hub.tap
    assert [str(each) for each in found.waiting] == ["[hub] tap = true"]


def test_the_same_content_elsewhere_is_not_trusted(
    here: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(write(here / "mdxdash.toml", "[hub]\ntap = true\n"))
    other = tmp_path / "other"
    write(other / "mdxdash.toml", "[hub]\ntap = true\n")
    monkeypatch.chdir(other)
    assert not settings(other, own).hub.tap


def test_a_named_file_needs_no_trust(here: Path, own: Path) -> None:
    file = write(here / "mdxdash.toml", "[hub]\ntap = true\n")
    assert settings(here, own, config_file=file).hub.tap
    assert settings(here, own, MDXDASH_CONFIG="mdxdash.toml").hub.tap


def test_the_users_own_file_needs_no_trust_even_in_its_own_folder(here: Path, own: Path) -> None:
    write(own, "[hub]\ntap = true\n")
    assert settings(here, own).hub.tap
    inside = write(own.parent / "mdxdash.toml", "[hub]\ntap = true\n")
    assert settings(own.parent, inside).hub.tap


def test_the_environment_and_options_win_over_what_waits(here: Path, own: Path) -> None:
    write(here / "mdxdash.toml", '[hub]\nhost = "0.0.0.0"\n')
    assert settings(here, own, MDXDASH_HOST="127.0.0.1").hub.host == "127.0.0.1"


def test_an_untrusted_file_does_not_hide_what_the_user_keeps(here: Path, own: Path) -> None:
    secret = "correct-horse-battery"
    write(own, f"[hub]\nsecret = '{secret}'\nport = 9005\n[recording]\nsessions = 900\n")
    file = write(here / "mdxdash.toml", "[recording]\nsessions = 1\n")
    found = settings(here, own)
    assert found.recording.sessions == 900
    assert found.hub.secret == secret
    assert found.hub.port == 9001  # as ever, one file decides about what is harmless
    trust(file)
    found = settings(here, own)
    assert found.recording.sessions == 1
    assert found.hub.secret == secret


def test_a_private_value_that_waits_is_not_shown(here: Path, own: Path) -> None:
    write(
        here / "mdxdash.toml",
        "[hub]\nsecret = 'correct-horse-battery'\nrelay = 'ws://me:password@example.org/'\n",
    )
    shown = [str(each) for each in settings(here, own).waiting]
    assert shown == ['[hub] secret = "***"', '[hub] relay = "ws://***@example.org/"']
    assert "horse" not in repr(settings(here, own).waiting)


def test_an_error_in_what_waits_is_reported_all_the_same(here: Path, own: Path) -> None:
    write(here / "mdxdash.toml", "[hub]\ntap = 1\n")
    with pytest.raises(SettingsError, match=r"mdxdash.toml:2"):
        settings(here, own)


def test_what_mdxdash_writes_into_a_trusted_file_keeps_it_trusted(here: Path, own: Path) -> None:
    file = write(here / "mdxdash.toml", "[hub]\ntap = true\n")
    trust(file)
    save_setting(file, "screen.theme", "nord")
    found = settings(here, own)
    assert found.screen.theme == "nord"
    assert found.hub.tap


def test_what_mdxdash_writes_into_an_untrusted_file_does_not_make_it_trusted(
    here: Path, own: Path
) -> None:
    file = write(here / "mdxdash.toml", "[hub]\ntap = true\n")
    save_setting(file, "screen.theme", "nord")
    assert not settings(here, own).hub.tap


def test_trust_is_revoked_also_of_a_file_that_is_gone(here: Path, own: Path) -> None:
    file = write(here / "mdxdash.toml", "[hub]\ntap = true\n")
    trust(file)
    file.unlink()
    assert TrustedFiles().remove(file)
    assert not TrustedFiles().remove(file)
    write(file, "[hub]\ntap = true\n")
    assert not settings(here, own).hub.tap


def test_a_file_is_known_under_every_link_to_it(here: Path, own: Path, tmp_path: Path) -> None:
    real = write(tmp_path / "real.toml", "[hub]\ntap = true\n")
    (here / "mdxdash.toml").symlink_to(real)
    trust(real)
    assert settings(here, own).hub.tap


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b'{"version": 2, "files": []}', b'{"version": 1, "files": [1]}']
)
def test_a_list_that_cannot_be_read_trusts_nothing_and_is_not_overwritten(
    content: bytes, here: Path, own: Path
) -> None:
    file = write(here / "mdxdash.toml", "[hub]\ntap = true\n")
    user_trust_file().parent.mkdir(parents=True, exist_ok=True)
    user_trust_file().write_bytes(content)
    assert not settings(here, own).hub.tap
    with pytest.raises(SettingsError, match="the list of trusted files"):
        trust(file)
    assert user_trust_file().read_bytes() == content


@pytest.mark.skipif(os.name != "posix", reason="modes and such names are those of Unix")
def test_the_list_is_private_and_holds_any_name(here: Path, own: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(here) + b"/\xff\x1b\xe9"))
    file = write(folder / "mdxdash.toml", "[hub]\ntap = true\n")
    trust(file)
    assert settings(folder, own).hub.tap
    assert stat.S_IMODE(user_trust_file().stat().st_mode) == 0o600


def test_what_is_not_harmless_in_a_file_is_named(here: Path) -> None:
    file = write(here / "mdxdash.toml", "[hub]\nport = 1\nunsafe = true\n")
    assert [str(each) for each in not_harmless(read_toml(file))] == ["[hub] unsafe = true"]
