"""Lets the agents of a hub speak what a person asks for, at whichever screen or command."""

import asyncio
from pathlib import Path

from mdxdash.hub.server import HubServer
from mdxdash.language.translation import N_
from mdxdash.remote.protocol import Speak
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import Sound, SoundError
from mdxdash.speech.sources.sound_file import open_sound


def speak(
    hub: HubServer, speech: SpeechEngine, request: Speak, given: Sound | None = None
) -> tuple[tuple[str, str], ...]:
    """Lets the agents of a request speak. Returns their names, each with the key of its utterance.

    `given` is the sound of a `live` request, which one agent speaks: it can be read only once.
    Raises `CannotSpeak` if none of them does.
    """
    agents = hub.targets(request.to)
    if not agents:
        raise CannotSpeak(N_("no such agent is connected"))
    if given is not None:
        one = agents[0].name
        return ((one, speech.speak(one, given, model=request.model).key),)
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
