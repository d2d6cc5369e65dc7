"""Certificates for tests, and clients that accept them."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mdxdash.hub.tls.certificate import make_pair

YEAR = timedelta(days=365)


def written_pair(folder: Path, begin: datetime | None = None) -> tuple[str, str]:
    """The files of a certificate, valid for a year, and its key."""
    folder.mkdir(exist_ok=True)
    begin = begin or datetime.now(UTC) - timedelta(hours=1)
    cert, key = make_pair(["localhost", "127.0.0.1"], begin, YEAR)
    (folder / "cert.pem").write_bytes(cert)
    (folder / "key.pem").write_bytes(key)
    return str(folder / "cert.pem"), str(folder / "key.pem")


def trusting() -> ssl.SSLContext:
    """A client's context that accepts any certificate, as agents do."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
