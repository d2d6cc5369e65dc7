"""Who sits here, as the events of commands to other hubs say it."""

import getpass
import socket


def person() -> str:
    """Returns the user's name and the machine's: `ken@lab-1`. It stands in the recordings of other
    people, so it is in no language."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):  # the system knows nobody of this number
        return socket.gethostname()
