"""The version of the protocol, and its limits."""

from typing import Final

PROTOCOL: Final = 1
"""The version of this protocol."""

TAP_PATH: Final = "/tap"
"""The path of the WebSocket; a secret follows it, as in the agents' path."""

TAIL: Final = 20_000
"""Events before the present that a dashboard asks for when it attaches; older ones are read when
somebody scrolls there."""

STATES_PER_SECOND: Final = 5
"""How often the state of agents and macros is sent, at most."""

LINE_BYTES: Final = 2**20
"""The longest line that a hub takes from a face, and the rough size of the pieces it sends."""
