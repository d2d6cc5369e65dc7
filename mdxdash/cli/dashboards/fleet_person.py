"""Who sits here, as the events of commands to other hubs say it."""

import getpass
import socket

from mdxdash.language.translation import _


def person() -> str:
    """Returns the user's name and the machine's."""
    try:
        return _("{getuser} at {gethostname}").format(
            getuser=getpass.getuser(), gethostname=socket.gethostname()
        )
    except (OSError, KeyError):  # the system knows nobody of this number
        return _("somebody at {gethostname}").format(gethostname=socket.gethostname())
