"""The exchanges of Remdis, each a lane of the timeline."""

from typing import Final

EXCHANGES: Final = (
    "ain",
    "asr",
    "vap",
    "score",
    "bc",
    "emo_act",
    "dialogue",
    "dialogue2",
    "tts",
)
"""From the user's sound to the agent's: all fanout, none durable."""
