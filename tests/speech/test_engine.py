"""Sounds on real agents over sockets: what they play is what was given."""

import asyncio
import time
from pathlib import Path

import pytest

from mdxdash.speech import engine as speech_engine
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import Samples
from mdxdash.speech.sources.sound_file import SoundFile
from mdxdash.wire.message import parse_message
from tests.support.heard import listening_agent, noise, sounds
from tests.support.hub_clients import running_hub
from tests.support.waiting import GUARD, logged


async def test_an_agent_plays_what_it_was_given_and_lines_go_between() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub) as player:
        engine = SpeechEngine(hub, hub.log)
        pcm = noise(0.6)
        utterance = engine.speak("chat", Samples(pcm, "greet.wav"), model="0")
        for number in range(50):
            hub.send(parse_message(f"NUMBER|{number}"))
            await asyncio.sleep(0.01)
        await engine.wait_until_over(utterance)
        await engine.wait_until_idle()
        assert sounds(player.pcm) == sounds(pcm)
        assert player.harms == []
        assert utterance.state == "spoken"
        spoken = [event.text for event in hub.log if event.by == "speech" and event.level]
        assert spoken[0] == "model 0 speaks for 0.6 s: greet.wav"
        assert spoken[1].startswith("model 0 has spoken greet.wav, 0.6 s")
        lines = [event.type for event in hub.log if event.by == "speech" and event.type]
        assert lines == ["__AV_START", "__AV_SETMODEL,0", "SNDFILE", "SNDBRKS", "__AV_END"]
        numbers = [e.args for e in hub.log if e.type == "NUMBER" and e.echo is None]
        assert numbers == [str(number) for number in range(50)]


async def test_a_stopped_one_says_what_is_heard() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub) as player:
        engine = SpeechEngine(hub, hub.log)
        pcm = noise(5.0)
        utterance = engine.speak("chat", Samples(pcm), model="0", text="あいうえおかきくけこ")
        await logged(hub.log, lambda event: event.by == "speech" and event.level == "start")
        assert engine.stop("chat") == [utterance]
        await engine.wait_until_over(utterance)
        assert utterance.state == "stopped"
        heard = utterance.stopped
        assert heard is not None
        assert 0 < heard.heard < 5.0
        assert heard.sounds_on >= 0
        assert pcm.startswith(sounds(player.pcm))
        assert len(sounds(player.pcm)) == heard.heard * 32_000
        assert heard.text == "あいうえおかきくけこ"[: round(10 * heard.heard / 5.0)]
        assert player.harms == []


async def test_a_model_that_is_not_there_is_refused() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub):
        engine = SpeechEngine(hub, hub.log)
        hub.agents[0].known.observe("MODEL_EVENT_ADD", "mei")
        with pytest.raises(CannotSpeak, match="no model 0: it has announced mei"):
            engine.speak("chat", Samples(b""), model="0")
        with pytest.raises(CannotSpeak, match="the agent other is gone"):
            engine.speak("other", Samples(b""))
        assert engine.model_for(hub.agents[0]) == "mei"


async def test_what_is_spoken_fails_when_the_agent_goes() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub:
        async with listening_agent(hub):
            engine = SpeechEngine(hub, hub.log)
            first = engine.speak("chat", Samples(noise(5.0)), model="0")
            second = engine.speak("chat", Samples(noise(5.0)), model="0")
            await logged(hub.log, lambda event: event.by == "speech" and event.level == "start")
        await engine.wait_until_over(first)
        await engine.wait_until_over(second)
        assert (first.state, first.failure) == ("failed", "the agent is gone")
        assert second.state == "failed"


class BrokenSound(Samples):
    """A source of sound with a fault in it."""

    def read(self) -> bytes:
        raise ZeroDivisionError("0 Hz")


async def test_a_fault_of_a_source_ends_its_utterance_and_the_next_one_is_spoken() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub):
        engine = SpeechEngine(hub, hub.log)
        broken = engine.speak("chat", BrokenSound(b"", "x"), model="0")
        good = engine.speak("chat", Samples(noise(0.1)), model="0")
        await engine.wait_until_over(good)
        assert broken.failure == "x: ZeroDivisionError: 0 Hz"
        assert good.state == "spoken"


class HangingFile(SoundFile):
    """A file on a disk that does not answer."""

    def read(self) -> bytes:
        time.sleep(600)
        return b""


async def test_a_file_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_engine, "FIRST_WITHIN", 0.1)
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub):
        speech = SpeechEngine(hub, hub.log)
        utterance = speech.speak("chat", HangingFile(Path("x.wav")), model="0")
        await speech.wait_until_over(utterance)
        assert utterance.failure == "no sound within 0.1 s"


async def test_only_the_first_sound_of_a_connection_is_doubted() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub):
        engine = SpeechEngine(hub, hub.log)
        for _ in range(2):
            await engine.wait_until_over(engine.speak("chat", Samples(noise(0.1)), model="0"))
        first, second = [event.text for event in hub.log if event.level == "end"]
        assert "nothing tells whether it is heard: it has not announced a model 0" in first
        assert second.endswith("(computed)")


async def test_each_hub_counts_its_utterances_for_itself() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub):
        for _ in range(2):
            engine = SpeechEngine(hub, hub.log)
            sounds_ = [Samples(noise(0.04)), Samples(noise(0.04))]
            spoken = [engine.speak("chat", each, model="0") for each in sounds_]
            assert [each.key for each in spoken] == ["0|1", "0|2"]
            await engine.close()


async def test_a_process_that_goes_on_counts_on() -> None:
    async with asyncio.timeout(GUARD), running_hub() as hub, listening_agent(hub):
        before = SpeechEngine(hub, hub.log)
        for _ in range(3):
            before.speak("chat", Samples(noise(0.04)), model="0")
        after = SpeechEngine(hub, hub.log)
        after.restore(before.snapshot())
        assert after.speak("chat", Samples(noise(0.04)), model="0").key == "0|4"
        await after.close()
