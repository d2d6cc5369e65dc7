"""`mdxdash cert`: a certificate and its key for this machine."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from mdxdash.cli.options import fail
from mdxdash.cli.output.standard_output import show
from mdxdash.hub.address import ANY, names
from mdxdash.language.translation import _
from mdxdash.settings.extras import install_hint

CERT_NAME = "mdxdash-cert.pem"
KEY_NAME = "mdxdash-key.pem"


@click.command(name="cert")
@click.option(
    "--name", "given", multiple=True, help="A host name or address.  [default: this machine's]"
)
@click.option("--days", type=click.IntRange(1, 3650), default=825, show_default=True)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where the two files go.  [default: here]",
)
def command(given: tuple[str, ...], days: int, folder: Path) -> None:
    """Make a self-signed certificate and its key for wss://.

    MMDAgent-EX accepts any certificate: this keeps out eavesdroppers, not impostors.
    """
    try:
        from mdxdash.hub.tls.certificate import make_pair  # noqa: PLC0415  an optional extra
    except ImportError:
        fail(
            _("making certificates needs the package cryptography: {install}").format(
                install=install_hint("tls")
            )
        )
    cert, key = make_pair(given or names(ANY[0]), datetime.now(UTC), timedelta(days=days))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(folder / KEY_NAME, key)
        _write_new(folder / CERT_NAME, cert)
    except FileExistsError as error:
        fail(
            _("{filename} is there already; remove it, or choose another --dir").format(
                filename=error.filename
            )
        )
    except OSError as error:
        fail(f"{folder}: {error.strerror or error}")
    show(f"--tls-cert {folder / CERT_NAME} --tls-key {folder / KEY_NAME}")


def _write_new(path: Path, data: bytes) -> None:
    """Only this user reads it, and nothing is overwritten."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
