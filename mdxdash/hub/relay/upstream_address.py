"""The address of the user's own server: what is dialled for an agent, and what is wrong with it.

It may hold a name and password (`ws://me:secret@host/chat`). Only `redact_address` of it is shown.
"""

from urllib.parse import urlsplit

from websockets.exceptions import InvalidURI
from websockets.uri import parse_uri

from mdxdash.language.translation import N_
from mdxdash.settings.tables.hub_section import HubSettings


def upstream_url(settings: HubSettings, tail: str) -> str:
    """Returns the address to dial for the agent whose path ends in `tail`. It holds the password,
    so it must not be shown."""
    assert settings.relay is not None
    path = urlsplit(settings.relay).path
    base = settings.relay if path else settings.relay + settings.path
    return f"{base}{tail}"


def address_error(address: str) -> str | None:
    """Returns why an address cannot be dialled, in words that repeat no part of it; None if it can.

    websockets judges it here, before the hub listens, with the parser that it dials with.
    """
    try:
        parse_uri(address)
    except InvalidURI as error:
        return error.msg
    except UnicodeError:
        return N_("its host, name or password holds characters that cannot be")
    except ValueError:
        hint = N_("; write a / in a password as %2F") if "@" in address else ""
        return N_("its port is no number from 0 to 65535{hint}").format(hint=hint)
    return None
