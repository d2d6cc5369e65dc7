"""What is shown instead of a private value: secrets and passwords are never shown or logged."""

import re
from typing import Final

HIDDEN: Final = "***"
"""Is shown instead of whatever is private."""

_SCHEME = re.compile(r"(?:\w+://)?")

_USER = re.compile(r"(\w+://)[^\s/]*@")

_NAMED_SECRET = re.compile(
    r"((?:-[\w-]*(?:key|token|secret|password|passwd|auth)(?![a-z])[\w-]*(?:=|\s+)"
    r"|\w*(?:key|token|secret|password|passwd)\w*=|\bbearer\s+))"
    r"(?:\"[^\"]*\"|'[^']*'|[^\s\"']+)",
    re.IGNORECASE,
)
"""In a command: `--api-key VALUE`, `API_TOKEN=VALUE`, `Bearer VALUE`."""

_SEGMENT = re.compile(r"[^/?#]{16,}")
"""A part of a path that is long enough for a secret (see `HubSettings.secret`)."""


def redact_address(address: str) -> str:
    """Returns an address, valid or not, as it may be shown: without name, password and query.

    An address that is not valid must not reveal a password either, so everything before the last
    `@` is taken for one.
    """
    found = _SCHEME.match(address)
    scheme = found.group() if found else ""
    before, at, rest = address[len(scheme) :].rpartition("@")
    if re.search(r"[?#]", before):
        return f"{scheme}{HIDDEN}"  # a password that holds ?, or a query that holds @
    user = f"{HIDDEN}@" if at else ""
    return scheme + user + re.sub(r"([?#]).*", rf"\1{HIDDEN}", rest, count=1, flags=re.DOTALL)


def redact_users(text: str) -> str:
    """Returns a text in which each address is without name and password."""
    return _USER.sub(rf"\1{HIDDEN}@", text)


def redact_command(command: str) -> str:
    """Returns a command as it may be shown: without the values of options and variables that are
    named as secrets are, and without names and passwords in addresses."""
    return _NAMED_SECRET.sub(rf"\1{HIDDEN}", redact_users(command))


def redact_path(path: str) -> str:
    """Returns the path of a request, or of a `.mdf`, as it may be shown: without its query, and
    without what may be a secret in it. Long words in lower case are no secret."""
    path, sign, _ = path.partition("?")
    shown = _SEGMENT.sub(
        lambda found: HIDDEN if re.search("[A-Z0-9]", found.group()) else found.group(), path
    )
    return f"{shown}?{HIDDEN}" if sign else shown


def resembles(text: str, secret: str) -> bool:
    """Returns whether a text holds the secret, or half of it or more as with a typing error."""
    wanted, given = secret.casefold(), text.casefold()
    length = len(wanted) // 2
    return any(wanted[at : at + length] in given for at in range(len(wanted) - length + 1))
