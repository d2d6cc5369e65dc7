"""TLS: agents over wss://, and what is said of files that will not do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mdxdash.hub.address import CannotListen
from tests.support.hub_clients import running_hub
from tests.support.tls import YEAR, written_pair


async def test_both_may_stand_in_one_file(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(Path(cert).read_bytes() + Path(key).read_bytes())
    async with running_hub(tls_cert=str(both)):
        pass


async def says(cert: str | None, key: str | None) -> str:
    with pytest.raises(CannotListen) as caught:
        async with running_hub(tls_cert=cert, tls_key=key):
            pass
    return str(caught.value)


async def test_a_key_of_another_certificate_is_said(tmp_path: Path):
    cert, _ = written_pair(tmp_path / "one")
    _, key = written_pair(tmp_path / "two")
    assert f"{key} is not the key of --tls-cert {cert}" in await says(cert, key)


async def test_an_expired_certificate_is_said(tmp_path: Path):
    cert, key = written_pair(tmp_path, datetime.now(UTC) - 2 * YEAR)
    assert "has expired; `mdxdash cert` makes a new pair" in await says(cert, key)


async def test_a_certificate_of_tomorrow_is_said(tmp_path: Path):
    cert, key = written_pair(tmp_path, datetime.now(UTC) + timedelta(days=1))
    assert "is not valid yet" in await says(cert, key)


async def test_files_that_are_not_there_are_said(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    assert "--tls-cert nowhere.pem: No such file" in await says("nowhere.pem", key)
    assert "--tls-key nowhere.pem: No such file" in await says(cert, "nowhere.pem")


async def test_files_that_hold_something_else_are_said(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    other = tmp_path / "other.txt"
    other.write_text("hello", encoding="utf-8")
    assert "holds no certificate in PEM format" in await says(str(other), key)
    assert "holds no private key in PEM format" in await says(cert, str(other))
    assert "holds no private key in PEM format" in await says(cert, None)


async def test_a_locked_key_is_said_and_nobody_is_asked(tmp_path: Path):
    from cryptography.hazmat.primitives import serialization

    cert, key = written_pair(tmp_path)
    plain = serialization.load_pem_private_key(Path(key).read_bytes(), None)
    Path(key).write_bytes(
        plain.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"locked"),
        )
    )
    assert "--tls-key" in await says(cert, key)


async def test_a_key_without_a_certificate_is_said(tmp_path: Path):
    assert "--tls-key needs --tls-cert" in await says(None, written_pair(tmp_path)[1])
