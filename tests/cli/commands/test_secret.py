"""`mdxdash secret` and `mdxdash cert` as a user calls them."""

import os
import re
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mdxdash.cli.commands.cert import command as cert
from mdxdash.cli.commands.mdf import command as mdf
from mdxdash.cli.commands.secret import command as secret
from mdxdash.hub.tls.context import server_context


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


def call(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_each_secret_is_another_and_fits_the_setting(monkeypatch):
    made = {call(secret).output.strip() for _ in range(20)}
    assert len(made) == 20
    for each in made:
        monkeypatch.setenv("MDXDASH_SECRET", each)
        assert f"Directory=/chat/{each}\n" in call(mdf).output


def test_a_saved_secret_is_not_shown_and_is_in_force(tmp_path: Path):
    Path("mdxdash.toml").write_text("# mine\n[hub]\nport = 9005\n", encoding="utf-8")
    said = call(secret, "--save").output
    text = Path("mdxdash.toml").read_text(encoding="utf-8")
    saved = re.search(r'secret = "([^"]+)"', text)
    assert text.startswith("# mine\n") and saved is not None
    assert saved[1] not in said
    assert f"/chat/{saved[1]}" in call(mdf).output
    if os.name == "posix":
        assert stat.S_IMODE(Path("mdxdash.toml").stat().st_mode) == 0o600


def test_a_secret_with_a_slip_is_not_repeated(monkeypatch):
    monkeypatch.setenv("MDXDASH_SECRET", "correct horse battery")
    result = call(mdf)
    assert result.exit_code == 2
    assert "MDXDASH_SECRET: expected 16 or more letters" in result.output
    assert "horse" not in result.output


def test_the_made_pair_can_be_served_and_is_never_overwritten(tmp_path: Path):
    assert call(cert).output == "--tls-cert mdxdash-cert.pem --tls-key mdxdash-key.pem\n"
    server_context(Path("mdxdash-cert.pem"), Path("mdxdash-key.pem"))
    if os.name == "posix":
        assert stat.S_IMODE(Path("mdxdash-key.pem").stat().st_mode) == 0o600
    again = call(cert)
    assert again.exit_code == 2
    assert "mdxdash-key.pem is there already" in again.output


def test_without_cryptography_it_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "mdxdash.hub.tls.certificate", raising=False)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = call(cert)
    assert result.exit_code == 2
    assert "pip install 'mdxdash[tls]'" in result.output
