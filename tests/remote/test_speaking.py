"""What agents of a hub are asked to speak."""

from pathlib import Path

import pytest

from mdxdash.remote.protocol import Speak
from mdxdash.remote.speaking import speak, speak_checked
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.engine import SpeechEngine
from tests.speech.sources.test_sound_file import write_wav
from tests.support.heard import noise
from tests.support.hub_clients import raw_agent, running_hub


async def test_every_agent_of_the_target_speaks(tmp_path: Path) -> None:
    file = str(write_wav(tmp_path / "a.wav", noise(0.1)))
    async with running_hub() as hub, raw_agent(hub), raw_agent(hub, "/chat-1"):
        engine = SpeechEngine(hub, hub.log)
        spoken = speak(hub, engine, Speak(file=file, model="0"))
        assert sorted(agent for agent, _ in spoken) == ["chat", "chat-1"]
        [(agent, key)] = speak(hub, engine, Speak(file=file, model="m", to="chat-1"))
        assert (agent, key.partition("|")[0]) == ("chat-1", "m")
        await engine.close()


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Speak(text="a", to="nobody"), "no such agent is connected"),
        (Speak(), "expected either a file or a text"),
        (Speak(text="a"), "there is no voice"),
        (Speak(file="/none.wav"), "No such file"),
    ],
)
async def test_what_cannot_be_spoken_is_refused(request_: Speak, reason: str) -> None:
    async with running_hub() as hub, raw_agent(hub):
        with pytest.raises(CannotSpeak, match=reason):
            await speak_checked(hub, SpeechEngine(hub, hub.log), request_)
