"""A stand-in MMDAgent-EX, written from PROTOCOL.md: its parser, limits, crashes, and a content."""

from mdxdash.simulator.behavior import Behavior, Playback
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

__all__ = [
    "AgentCrashed",
    "AgentGaveUp",
    "AgentStopped",
    "Behavior",
    "ClientEvent",
    "Connected",
    "Content",
    "Disconnected",
    "Playback",
    "Refused",
    "Simulator",
    "Wrote",
]
