"""A stand-in MMDAgent-EX: the same parser, limits and crashes, and a small life of its own."""

from mdxdash.simulator.client import (
    AgentCrashed,
    AgentGaveUp,
    AgentStopped,
    ClientEvent,
    Connected,
    Disconnected,
    Refused,
    Simulator,
    Wrote,
)
from mdxdash.simulator.content.content import Content
from mdxdash.simulator.life import Life, Playback

__all__ = [
    "AgentCrashed",
    "AgentGaveUp",
    "AgentStopped",
    "ClientEvent",
    "Connected",
    "Content",
    "Disconnected",
    "Life",
    "Playback",
    "Refused",
    "Simulator",
    "Wrote",
]
