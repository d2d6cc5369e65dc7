"""Lets the agents of a hub speak what a person asks for, at whichever screen or command."""

import asyncio
from pathlib import Path

from mdxdash.hub.server import HubServer
from mdxdash.language.translation import N_
from mdxdash.remote.protocol import Speak
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.sound_file import open_sound


def speak(hub: HubServer, speech: SpeechEngine, request: Speak) -> tuple[tuple[str, str], ...]:
    """Lets the agents of a request speak. Returns their names, each with the key of its utterance.

    Raises `CannotSpeak` if none of them does.
    """
    agents = hub.targets(request.to)
    if not agents:
        raise CannotSpeak(N_("no such agent is connected"))
    if bool(request.file) == bool(request.text):
        raise CannotSpeak(N_("expected either a file or a text"))
    spoken: list[tuple[str, str]] = []
    try:
        for agent in agents:
            if request.text:
                voice, model = request.voice, request.model
                key = speech.say(agent.name, request.text, voice=voice, model=model)
            else:
                key = speech.play_file(agent.name, request.file, model=request.model)
            spoken.append((agent.name, key))
    except CannotSpeak:
        if not spoken:
            raise
    return tuple(spoken)


async def speak_checked(hub: HubServer, speech: SpeechEngine, request: Speak) -> None:
    """Does the same, and looks first whether the file can be played. Raises `CannotSpeak`."""
    if request.file:
        try:
            await asyncio.to_thread(lambda: open_sound(Path(request.file)).close())
        except SoundError as error:
            raise CannotSpeak(str(error)) from error
    speak(hub, speech, request)
