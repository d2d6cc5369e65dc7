"""The address of the user's own server: what is dialled, what may be shown, what is wrong with it.

It may hold a name and password (`ws://me:secret@host/chat`), which are never shown, and neither is
a query, where others put their tokens. Pure.
"""

import re
from urllib.parse import urlsplit

from websockets.exceptions import InvalidURI
from websockets.uri import parse_uri

from mdxdash.settings.hub import HIDDEN, HubSettings

_SCHEME = re.compile(r"(?:\w+://)?")


def upstream_url(settings: HubSettings, tail: str) -> str:
    """The server's address for the agent whose path ends in `tail`: for who dials."""
    assert settings.relay is not None
    path = urlsplit(settings.relay).path
    base = settings.relay if path else settings.relay + settings.path
    return f"{base}{tail}"


def shown_address(address: str) -> str:
    """An address, right or wrong, as it may be shown: a slip must not bring a password to light,
    so all before the last @ is taken for one."""
    found = _SCHEME.match(address)
    scheme = found.group() if found else ""
    before, at, rest = address[len(scheme) :].rpartition("@")
    if re.search(r"[?#]", before):
        return f"{scheme}{HIDDEN}"  # a password with a ?, or a query with an @: who knows
    user = f"{HIDDEN}@" if at else ""
    return scheme + user + re.sub(r"([?#]).*", rf"\1{HIDDEN}", rest, count=1, flags=re.DOTALL)


def address_error(address: str) -> str | None:
    """What keeps an address from being dialled, in words that repeat nothing of it."""
    try:
        parse_uri(address)
    except InvalidURI as error:
        return error.msg
    except UnicodeError:
        return "its host, name or password holds characters that cannot be"
    except ValueError:
        hint = "; write a / in a password as %2F" if "@" in address else ""
        return f"its port is no number from 0 to 65535{hint}"
    return None
