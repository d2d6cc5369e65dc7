"""What is shown in place of a private value: secrets and passwords are never shown or logged."""

import re
from typing import Final

HIDDEN: Final = "***"
"""Takes the place of whatever is private."""

_SCHEME = re.compile(r"(?:\w+://)?")


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
