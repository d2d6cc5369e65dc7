"""Who sits here, as the events of commands to other hubs say it."""

import getpass
import socket


def person() -> str:
    """Returns the user's name and the machine's."""
    try:
        return f"{getpass.getuser()} at {socket.gethostname()}"
    except (OSError, KeyError):  # the system knows nobody of this number
        return f"somebody at {socket.gethostname()}"
