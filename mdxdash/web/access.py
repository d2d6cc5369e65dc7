"""Who may open the dashboard in a browser: the checks of a request's `Host`, `Origin` and secret.

* `Host` must name this machine. Else a web page could let its own name mean this machine's address
  after it was loaded (DNS rebinding), and the browser would take the dashboard for a part of it.
* `Origin`, which browsers send with every WebSocket handshake, must be the dashboard's own: a
  WebSocket is not bound by the same-origin policy.
* Where there is a secret, a browser opens `/SECRET` once and gets a cookie that stands for it.
"""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection
from typing import Final

_COOKIE_LABEL: Final = b"mdxdash web cookie"

_HOST: Final = re.compile(r"(\[(?P<address>[^\]]*)\]|(?P<name>[^:\[\]]*))(:[0-9]*)?")
"""A `Host` field (RFC 9110, 7.2): a name or an address, that of IPv6 in brackets, and a port."""


class Access:
    """Judges requests. Nothing that it returns holds the secret."""

    def __init__(
        self, *, names: Collection[str], port: int, secure: bool, secret: str | None
    ) -> None:
        """
        * `names`: the host names of this machine; its addresses are known without.
        * `port`: the port that is listened on.
        * `secure`: whether it is served with TLS.
        * `secret`: None lets in whoever can connect.
        """
        self._names = {_plain_name(name) for name in names}
        self._scheme = "https" if secure else "http"
        self.secure = secure
        self._secret = secret
        # Cookies are shared by all ports of a host.
        self.cookie_name = f"mdxdash-{port}"
        self.cookie_value = "" if secret is None else _cookie_value(secret)
        """The cookie that stands for the secret. It does not reveal it, stays the same when the
        server starts again, and ends with the secret."""

    def knows_host(self, host: str | None) -> bool:
        """Returns whether a `Host` field (`localhost:8000`) names this machine.

        Every IP address does: a browser sends it only for an address that was typed as one. Any
        port does: it may be that of an SSH forwarding.
        """
        if not host:
            return False
        if (found := _HOST.fullmatch(host)) is None:
            return False
        try:
            ipaddress.ip_address(found["address"] or found["name"])
        except ValueError:
            return _plain_name(found["name"] or "") in self._names
        return True

    def is_own_origin(self, origin: str | None, host: str | None) -> bool:
        """Returns whether an `Origin` field is that of a page which was loaded from `host`."""
        return origin is not None and origin.casefold() == f"{self._scheme}://{host}".casefold()

    def is_secret(self, given: str) -> bool:
        """Returns whether a text is the secret. The time it takes does not depend on how much of it
        is right."""
        return self._secret is not None and hmac.compare_digest(_bytes(given), _bytes(self._secret))

    def has_cookie(self, value: str | None) -> bool:
        """Returns whether a browser has shown the secret before, by its cookie; True if there is no
        secret."""
        if self._secret is None:
            return True
        return hmac.compare_digest(_bytes(value or ""), _bytes(self.cookie_value))

    def __repr__(self) -> str:
        return f"Access({self._scheme}, {sorted(self._names)})"


def _cookie_value(secret: str) -> str:
    return hmac.new(secret.encode(), _COOKIE_LABEL, hashlib.sha256).hexdigest()


def _plain_name(name: str) -> str:
    return name.rstrip(".").casefold()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
