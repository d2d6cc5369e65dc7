"""Addresses are shown without passwords and tokens."""

import secrets
from pathlib import Path

import pytest

from mdxdash.settings.redaction import (
    redact_address,
    redact_command,
    redact_path,
    redact_users,
    resembles,
)
from mdxdash.settings.resolution import resolve
from mdxdash.settings.toml_source import SettingsError

PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ws://localhost:9002/chat", "ws://localhost:9002/chat"),
        ("ws://me:hunter2@localhost/chat", "ws://***@localhost/chat"),
        ("ws://me:hunt/er2@localhost/chat", "ws://***@localhost/chat"),
        ("ws://me:hunt@er2@localhost", "ws://***@localhost"),
        ("ws://me:hunt?er2@localhost", "ws://***"),
        ("ws://localhost/chat?token=hunter2", "ws://localhost/chat?***"),
        ("ws://localhost/chat?token=hunt@er2", "ws://***"),
        ("ws://localhost/chat#hunter2\nhunter2", "ws://localhost/chat#***"),
        ("ws://me:hunter2@localhost?a", "ws://***@localhost?***"),
        ("me:hunter2@localhost:9002", "***@localhost:9002"),
        ("ws:/me:hunter2@localhost", "***@localhost"),
    ],
)
def test_what_is_private_in_an_address_is_not_shown(address: str, shown: str):
    assert redact_address(address) == shown


@pytest.mark.parametrize(
    ("relay", "message"),
    [
        ("ws://me:hunter2@h/c?token=hunter2", 'without "?" and "#", got "ws://***@h/c?***"'),
        ("http://me:hunter2@localhost/chat", 'got "http://***@localhost/chat"'),
    ],
)
def test_a_refused_setting_is_reported_without_it(tmp_path: Path, relay: str, message: str):
    file = tmp_path / "mdxdash.toml"
    (tmp_path / "empty.toml").touch()
    file.write_text(f'[hub]\nrelay = "{relay}"\n', encoding="utf-8")
    empty = tmp_path / "empty.toml"
    for options, environ, config in (
        ({"relay": relay}, {}, empty),
        ({}, {"MDXDASH_RELAY": relay}, empty),
        ({}, {}, file),
    ):
        with pytest.raises(SettingsError) as caught:
            resolve(options, environ, config, tmp_path)
        assert message in str(caught.value)
        raised: BaseException | None = caught.value
        while raised is not None:
            assert PASSWORD not in str(raised)
            raised = raised.__cause__


def test_a_setting_of_another_type_is_reported_without_it(tmp_path: Path):
    file = tmp_path / "mdxdash.toml"
    file.write_text('[hub]\nrelay = ["ws://me:hunter2@h"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="something else"):
        resolve({}, {}, file, tmp_path)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/wrong", "/wrong"),
        ("/my-long-application-name", "/my-long-application-name"),
        ("/chat/aB3_efghijklmnopqrst", "/chat/***"),
        ("/chat/aB3_efghijklmnopqrst-1/x", "/chat/***/x"),
        ("/chat?token=hunter2", "/chat?***"),
        ("", ""),
    ],
)
def test_a_path_is_shown_without_what_may_be_a_secret(path: str, shown: str):
    assert redact_path(path) == shown


def test_every_made_secret_is_recognized_in_a_path():
    shown = {redact_path(f"/chat/{secrets.token_urlsafe(18)}") for _ in range(1000)}
    assert shown == {"/chat/***"}


SECRET = "0123456789abcdefABCDEF"


@pytest.mark.parametrize(
    "text", [SECRET, SECRET.swapcase(), f"-{SECRET[:-1]}", f"{SECRET[:9]}x{SECRET[10:]}"]
)
def test_a_secret_is_recognized_with_a_typing_error(text: str):
    assert resembles(text, SECRET)


@pytest.mark.parametrize("text", ["", "-1", "-left", "-0123456789"])
def test_a_name_is_not_taken_for_the_secret(text: str):
    assert not resembles(text, SECRET)


def test_every_address_in_a_text_is_shown_without_its_password():
    text = "ws://a:b@c/d and wss://me@host, but a@b stays"
    assert redact_users(text) == "ws://***@c/d and wss://***@host, but a@b stays"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("python -u key.py --keyboard us", None),
        ("open_jtalk -x /dic -m mei.htsvoice -ow {out}", None),
        ("say --api-key hunter2 hi", "say --api-key *** hi"),
        ("say --api-key='hunt er2' hi", "say --api-key=*** hi"),
        ('env MY_TOKEN="hunt er2" say', "env MY_TOKEN=*** say"),
        (
            "curl -H 'Authorization: Bearer hunter2' {out}",
            "curl -H 'Authorization: Bearer ***' {out}",
        ),
        ("tts wss://me:hunter2@host/a", "tts wss://***@host/a"),
    ],
)
def test_a_command_is_shown_without_its_secrets(command: str, shown: str | None) -> None:
    assert redact_command(command) == (shown or command)


def test_a_setting_that_is_no_secret_does_not_repeat_a_password_either(tmp_path: Path):
    for key in ("port", "path", "relay_pending"):
        file = tmp_path / "mdxdash.toml"
        file.write_text(f"[hub]\n{key} = 'ws://me:hunter2@h'\n", encoding="utf-8")
        with pytest.raises(SettingsError, match=key) as caught:
            resolve({}, {}, file, tmp_path)
        assert "hunter2" not in str(caught.value)
