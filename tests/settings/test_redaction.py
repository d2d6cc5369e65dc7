"""Addresses are shown without passwords and tokens."""

from pathlib import Path

import pytest

from mdxdash.settings.redaction import redact_address
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
