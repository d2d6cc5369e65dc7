"""The TLS context of the listener: loads a certificate and its key, and checks them at start."""

import ssl
from pathlib import Path
from typing import Final

from mdxdash.hub.address import CannotListen
from mdxdash.language.translation import N_
from mdxdash.settings.regular_file import read_regular

_REASONS: Final = {9: N_("is not valid yet (is the clock right?)"), 10: N_("has expired")}
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED, in words."""

_MAX_BYTES: Final = 2**20
"""The largest file in bytes that is read as PEM. Real ones have some kilobytes."""

_REMEDY: Final = N_("`mdxdash cert` makes a new pair")


def server_context(cert: Path, key: Path | None) -> ssl.SSLContext:
    """Returns the context for a listener; `key` is None if the file of `cert` holds the key too.

    Raises `CannotListen` for files that cannot be read, are not what they should be, do not belong
    together, or have expired.
    """
    for option, path in (("--tls-cert", cert), ("--tls-key", key)):
        _refuse_unreadable(option, path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # An empty password, since OpenSSL else asks for one on the terminal.
        context.load_cert_chain(cert, key, password="")
    except ssl.SSLError as error:
        raise CannotListen(_explain(error, cert, key)) from None
    _try_out(context, cert)
    return context


def _refuse_unreadable(option: str, path: Path | None) -> None:
    if path is None:
        return
    try:
        read_regular(path, _MAX_BYTES)
    except OSError as error:
        raise CannotListen(f"{option} {path}: {error.strerror or error}; {_REMEDY}") from None


def _explain(error: ssl.SSLError, cert: Path, key: Path | None) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return N_("--tls-key {key} is not the key of --tls-cert {cert}; {remedy}").format(
            key=key or cert, cert=cert, remedy=_REMEDY
        )
    if b"-----BEGIN CERTIFICATE-----" not in read_regular(cert, _MAX_BYTES):
        return N_("--tls-cert {cert} holds no certificate in PEM format; {remedy}").format(
            cert=cert, remedy=_REMEDY
        )
    holder = key or cert
    if b"PRIVATE KEY-----" not in read_regular(holder, _MAX_BYTES):
        return N_("--tls-key {holder} holds no private key in PEM format; {remedy}").format(
            holder=holder, remedy=_REMEDY
        )
    return N_("--tls-cert {cert}, --tls-key {holder}: {reason}; {remedy}").format(
        cert=cert, holder=holder, reason=error.reason or error, remedy=_REMEDY
    )


def _try_out(server: ssl.SSLContext, cert: Path) -> None:
    """Makes a handshake with itself in memory: Python's ssl has no other way to check the dates."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.load_verify_locations(cert)
    # The certificate is its own anchor, whoever signed it.
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = server.wrap_bio(to_server, to_client, server_side=True)
    there = client.wrap_bio(to_client, to_server)
    for side in (there, here, there):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            reason = _REASONS.get(error.verify_code)
            if reason is not None:
                raise CannotListen(
                    N_("--tls-cert {cert} {reason}; {remedy}").format(
                        cert=cert, reason=reason, remedy=_REMEDY
                    )
                ) from None
        except ssl.SSLError as error:
            raise CannotListen(
                N_("--tls-cert {cert}: {reason}; {remedy}").format(
                    cert=cert, reason=error.reason or error, remedy=_REMEDY
                )
            ) from None
