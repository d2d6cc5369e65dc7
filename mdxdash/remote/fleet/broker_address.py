"""The address of a broker, with the name and password for it, which are never shown. Pure."""

import sys
from typing import Self
from urllib.parse import unquote, urlsplit

import msgspec

from mdxdash.language.translation import N_
from mdxdash.settings.user_path import user_path

PORT = 5672
TLS_PORT = 5671


class WrongAddress(ValueError):
    """The text is no address of a broker; the reason repeats nothing of it."""


class BrokerAddress(msgspec.Struct, frozen=True):
    """Where a broker is, and who connects to it."""

    host: str
    port: int
    tls: bool = False
    vhost: str = "/"
    user: str = ""
    """Empty: `guest`, as every broker has it for its own machine."""
    password: str = ""
    tls_ca: str = ""
    """A file with the certificate that is trusted; empty: those of the system."""
    credentials: str = ""
    """The file from which name and password were read; empty: there is none."""

    @classmethod
    def of(cls, url: str, *, tls_ca: str = "") -> Self:
        """Reads `amqp://name:password@host:port/vhost`; all but the host may be left out. Raises
        `WrongAddress`."""
        expected = N_("expected an address such as amqps://broker.example.org")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise WrongAddress(expected) from None
        if parts.scheme not in ("amqp", "amqps") or not parts.hostname:
            raise WrongAddress(expected)
        if parts.query or parts.fragment:
            raise WrongAddress(N_("expected an address without `?` and `#`"))
        if "@" in parts.path:
            # A password with a `/` in it would be taken for a virtual host, and shown.
            raise WrongAddress(N_("expected `/` and `@` in a password as `%2F` and `%40`"))
        tls = parts.scheme == "amqps"
        return cls(
            host=parts.hostname,
            port=port or (TLS_PORT if tls else PORT),
            tls=tls,
            vhost=unquote(parts.path.removeprefix("/")) or "/",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls_ca=tls_ca,
        )

    @property
    def shown(self) -> str:
        """The address without name and password."""
        scheme, usual = ("amqps", TLS_PORT) if self.tls else ("amqp", PORT)
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        vhost = "" if self.vhost == "/" else f"/{self.vhost}"
        return f"{scheme}://{host}{port}{vhost}"

    @property
    def login(self) -> str:
        """The name of the user, `guest` where none is given."""
        return self.user or "guest"

    def with_credentials(self, user: str, password: str) -> Self:
        """Returns the address for another user."""
        return msgspec.structs.replace(self, user=user, password=password)

    def hide(self, text: str) -> str:
        """Returns a text, such as an error of the connection, without the password."""
        return text.replace(self.password, "***") if self.password else text

    def __repr__(self) -> str:
        return f"BrokerAddress({self.shown})"


def is_broker_address(text: str) -> bool:
    """Returns whether a text is meant as the address of a broker."""
    return text.startswith(("amqp://", "amqps://"))


def has_password(url: str) -> bool:
    """Returns whether an address holds a password."""
    user, at, _ = url.partition("://")[2].rpartition("@")
    return bool(at) and ":" in user


def broker_address(url: str, credentials: str | None, tls_ca: str | None) -> BrokerAddress:
    """Returns the address that settings give.

    * `credentials`: a file with `name:password`, which wins over those in `url`.
    * `tls_ca`: a file with the certificate that is trusted.

    Raises `WrongAddress`, and OSError for a file that cannot be read.
    """
    address = BrokerAddress.of(url, tls_ca=tls_ca or "")
    if not credentials:
        return address
    user, password = _credentials(credentials)
    address = msgspec.structs.replace(address, credentials=credentials)
    return address.with_credentials(user, password)


def read_again(address: BrokerAddress) -> BrokerAddress:
    """Returns an address with name and password as they are in their file now: somebody may have
    corrected them. As it is where there is no such file, or it cannot be read."""
    try:
        user, password = _credentials(address.credentials)
    except (OSError, UnicodeDecodeError, WrongAddress):
        return address
    return address.with_credentials(user, password)


def is_open_to_others(address: BrokerAddress) -> bool:
    """Returns whether other users of this machine can read the file with the password. Windows has
    no such permissions."""
    if not address.credentials or sys.platform == "win32":
        return False
    try:
        return bool(user_path(address.credentials).stat().st_mode & 0o077)
    except OSError:
        return False


def open_to_others(address: BrokerAddress) -> str:
    """Returns the sentence on such a file."""
    text = N_("{file} with the password can be read by other users of this machine (chmod 600)")
    return text.format(file=address.credentials)


def _credentials(file: str) -> tuple[str, str]:
    """Raises `WrongAddress`, and OSError for a file that cannot be read."""
    text = user_path(file).read_text(encoding="utf-8").strip()
    user, colon, password = text.partition(":")
    if not (user and colon) or "\n" in text:
        raise WrongAddress(
            N_("{credentials}: expected one line, name:password").format(credentials=file)
        )
    return user, password
