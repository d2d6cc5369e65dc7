"""mdxdash as a library: host agents, send messages to them, wait for their events, run macros.

A dialogue test is a pytest test:

    async with mdxdash.Hub(port=0) as hub:
        agent = await hub.agent(timeout=30)
        await agent.send("VALUE_SET", "score", 10)
        event = await agent.expect("type:VALUE_EVENT_SET args:score", timeout=5)

All times are seconds. Filters are those of the event stream. Importing it does not load Textual.
"""

from mdxdash.api.agent import Agent
from mdxdash.api.errors import ExpectTimeout, MacroFailed, NoAgent, Refused, Unexpected
from mdxdash.api.hub import Hub, load_macros
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.hub.address import CannotListen
from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.settings.model import SpeechSettings
from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.settings.toml_source import SettingsError
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.message import Message

__all__ = [
    "Agent",
    "CannotListen",
    "CannotSpeak",
    "Event",
    "ExpectTimeout",
    "Hub",
    "Macro",
    "MacroFailed",
    "Message",
    "NoAgent",
    "Refused",
    "RunRecord",
    "SettingsError",
    "SpeechSettings",
    "Turn",
    "Unexpected",
    "Utterance",
    "VoiceSettings",
    "load_macros",
]
