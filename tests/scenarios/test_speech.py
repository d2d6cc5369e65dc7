"""Agents that speak: from macros, from Python, and interrupted."""

import asyncio
from pathlib import Path

import pytest

import mdxdash
from mdxdash.simulator.audio_player import AudioPlayer
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import Samples
from tests.speech.sources.test_sound_file import write_wav
from tests.speech.sources.test_synthesis import expected, voice
from tests.support.dashboards import running_dashboard
from tests.support.heard import listening_agent, noise, sounds
from tests.support.waiting import GUARD, logged

MACROS = """\
[[macro]]
name = "Greet"
steps = [
  { play = "greet.wav", model = "0" },
  { say = "はい。{who}", model = "0", voice = "mei" },
  { send = "DONE" },
]
params = { who = "ミク" }
[[macro]]
name = "Listen"
steps = [{ play = "long.wav", model = "0", interrupt_on = "type:USER" }, { send = "DONE" }]
[[macro]]
name = "Never"
steps = [{ play = "missing.wav", model = "0" }]
[[macro]]
name = "Quiet"
steps = [{ stop = "speech" }]
"""


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    write_wav(tmp_path / "greet.wav", noise(0.2))
    write_wav(tmp_path / "long.wav", noise(20.0))
    path = tmp_path / "macros.toml"
    path.write_text("version = 1\n" + MACROS, encoding="utf-8")
    return path


def heard(player: AudioPlayer) -> bytes:
    return b"".join(sounds(each.pcm) for each in player.played)


async def test_a_macro_plays_and_says(macros: Path, tmp_path: Path) -> None:
    voices = {"mei": voice(tmp_path, "{out}")}
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0, macros=macros, voices=voices) as hub:
        async with listening_agent(hub.server) as player:
            agent = await hub.agent()
            await agent.run("Greet")
            assert heard(player) == noise(0.2) + expected("はい。", "ミク")
            assert player.harms == []


async def test_an_event_interrupts_and_the_macro_goes_on(macros: Path) -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0, macros=macros) as hub:
        async with listening_agent(hub.server) as player:
            agent = await hub.agent()
            run = asyncio.create_task(agent.run("Listen"))
            await logged(hub.log, lambda event: event.level == "start")
            hub.server.send(mdxdash.Message("USER", "x"))  # a person does, as the user
            record = await run
            assert "was stopped in long.wav" in record.steps[0].note
            assert noise(20.0).startswith(heard(player))


async def test_a_sound_that_is_not_there_fails_the_step(macros: Path) -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0, macros=macros) as hub:
        async with listening_agent(hub.server):
            agent = await hub.agent()
            with pytest.raises(mdxdash.MacroFailed, match=r"missing\.wav: No such file"):
                await agent.run("Never")


async def test_python_speaks_and_stops(macros: Path) -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0, macros=macros) as hub:
        async with listening_agent(hub.server) as player:
            agent = await hub.agent()
            spoken = await agent.speak(macros.parent / "greet.wav", model="0")
            assert (spoken.state, heard(player)) == ("spoken", noise(0.2))
            speaking = asyncio.create_task(agent.speak(noise(20.0), model="0"))
            await logged(hub.log, lambda event: ": samples" in event.text)
            await agent.run("Quiet")
            assert (await speaking).state == "stopped"
            with pytest.raises(mdxdash.CannotSpeak, match="there is no voice"):
                await agent.say("はい")


async def test_one_that_is_cancelled_is_stopped(macros: Path) -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0) as hub:
        async with listening_agent(hub.server) as player:
            agent = await hub.agent()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await agent.speak(noise(20.0), model="0")
            await hub.speech.wait_until_idle()
            assert len(heard(player)) < 2 * 32_000
            assert player.harms == []


async def test_the_screen_shows_what_is_spoken_and_a_key_stops_it(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.mounted()
        async with listening_agent(dashboard.hub) as player:
            engine = SpeechEngine(dashboard.hub, dashboard.log)
            utterance = engine.speak("chat", Samples(noise(20.0), "greet.wav"), model="0")
            await dashboard.until(lambda: "♪ chat|0 speaks" in dashboard.screen().split("\n")[0])
            await dashboard.until(lambda: "s ahead (computed)" in dashboard.screen())
            await dashboard.press("S")
            assert dashboard.notified("Stopped the speech of 1 agent.")
            await dashboard.until(lambda: utterance.state == "stopped")
            await dashboard.until(lambda: "♪" not in dashboard.screen())
            await engine.wait_until_idle()
            # The agent shares the event loop with the screen, whose drawing delays its sound.
            assert [harm for harm in player.harms if "too early" not in harm] == []
