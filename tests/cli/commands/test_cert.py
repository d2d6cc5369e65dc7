"""`mdxdash cert`: a certificate and its key."""

import os
import stat
import sys
from pathlib import Path

from mdxdash.cli.commands.cert import command as cert
from mdxdash.hub.tls.server_context import server_context
from tests.support.programs import call


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
    assert "pip install '.[tls]'" in result.output
