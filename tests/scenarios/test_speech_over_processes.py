"""An agent that speaks while its hub is handed over, is detached from its screen, or is killed."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mdxdash.cli.speech_elsewhere import speak_through
from mdxdash.hub.address import free_port
from mdxdash.remote.control_socket import hub_address
from mdxdash.remote.protocol import Speak
from mdxdash.remote.shell_client import ShellClient, first_line
from mdxdash.simulator import Simulator
from mdxdash.simulator.audio_player import AudioPlayer
from mdxdash.simulator.client import Disconnected
from mdxdash.simulator.input_parser import Issued
from tests.speech.sources.test_sound_file import write_wav
from tests.support.background import keepers, stopped_at_last
from tests.support.faces import RawFace, face, runtime_folder
from tests.support.heard import noise, sounds
from tests.support.programs import running, url_of
from tests.support.terminal import mdxdash_terminal
from tests.support.waiting import GUARD, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no sockets to give away")

ROUNDS = int(os.environ.get("MDXDASH_SPEECH_ROUNDS", "1"))


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MDXDASH_KEEPER", "true")
    with runtime_folder(monkeypatch) as folder, stopped_at_last(folder):
        yield folder


class Listener:
    """An agent, what it plays and what it was told."""

    def __init__(self) -> None:
        self.player = AudioPlayer()
        self.lines: list[bytes] = []
        self.is_lost = False

    def take(self, event: object) -> None:
        self.player.take(event, asyncio.get_running_loop().time())
        if isinstance(event, Issued):
            self.lines.append(event.line)
        self.is_lost = self.is_lost or isinstance(event, Disconnected)

    async def until(self, line: bytes) -> None:
        """Waits for a line that it is sent."""
        async with asyncio.timeout(GUARD):
            while line not in self.lines:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Listener]:
    listener = Listener()
    task = asyncio.create_task(Simulator(url, on_event=listener.take).run())
    try:
        yield listener
    finally:
        task.cancel()
        await asyncio.wait([task])


async def speak(raw: RawFace, file: Path) -> None:
    """Lets the agent speak as soon as it has connected."""
    async with asyncio.timeout(GUARD):
        while "speech" not in await raw.ask("speak", file=str(file), model="0"):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("_", range(ROUNDS))
async def test_it_goes_on_when_the_hub_is_restarted(tmp_path: Path, _: int) -> None:
    pcm = noise(30.0)
    file = write_wav(tmp_path / "long.wav", pcm)
    with running("serve", "--port", "0", "--no-record") as program:
        async with listening(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                await speak(raw, file)
                await asyncio.sleep(random.uniform(0, 0.3))
                answer = await raw.ask("restart", command=(sys.executable, "-m", "mdxdash"))
                assert answer["outcome"] == "restarted"
            before = len(agent.player.pcm)
            async with asyncio.timeout(GUARD):
                while len(agent.player.pcm) < before + 32_000:
                    await asyncio.sleep(0.02)
            assert pcm.startswith(agent.player.pcm)
            assert (agent.player.harms, agent.player.gaps, agent.is_lost) == ([], [], False)


@pytest.mark.parametrize("_", range(ROUNDS))
async def test_it_goes_on_when_the_dashboard_is_detached(tmp_path: Path, _: int) -> None:
    pcm, port = noise(30.0), free_port("127.0.0.1")
    file = write_wav(tmp_path / "long.wav", pcm)
    with stopped_at_last(tmp_path), mdxdash_terminal(tmp_path, "--port", str(port)) as terminal:
        await asyncio.to_thread(terminal.until, "1-9 Fire")
        async with listening(f"ws://localhost:{port}/chat") as agent:
            await asyncio.to_thread(terminal.until, "1 agent")
            await asyncio.to_thread(ask_to_speak, tmp_path, file)
            await asyncio.to_thread(terminal.until, "♪")
            await asyncio.sleep(random.uniform(0, 0.3))
            terminal.press("q")
            await asyncio.to_thread(terminal.until, "Detach (enter)")
            terminal.press("\r")
            assert await asyncio.to_thread(terminal.end) == 0
            before = len(agent.player.pcm)
            async with asyncio.timeout(GUARD):
                while len(agent.player.pcm) < before + 32_000:
                    await asyncio.sleep(0.02)
            assert pcm.startswith(agent.player.pcm)
            assert (agent.player.harms, agent.player.gaps, agent.is_lost) == ([], [], False)


@pytest.mark.parametrize(
    ("killed", "seconds", "code", "text"),
    [
        (False, 2.0, 0, "model 0 has spoken long.wav, 2.0 s"),
        (True, 20.0, 1, "chat does not speak on: the process of the hub has changed"),
    ],
)
async def test_who_waits_for_the_end_of_it_is_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    killed: bool,
    seconds: float,
    code: int,
    text: str,
) -> None:
    request = Speak(file=str(write_wav(tmp_path / "long.wav", noise(seconds))), model="0")
    with running("serve", "--port", "0", "--record", str(tmp_path / "s.jsonl")) as program:
        async with listening(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                await raw.ask("send", line="BEFORE")
                await asyncio.to_thread(until, keepers)
                hub = hub_address("main")
                speaking = asyncio.create_task(asyncio.to_thread(speak_through, hub, [request]))
                async with asyncio.timeout(GUARD):
                    while not agent.player.pcm:
                        await asyncio.sleep(0.01)
                if killed:
                    os.kill(program.process.pid, signal.SIGKILL)
                else:
                    await raw.ask("restart", command=(sys.executable, "-m", "mdxdash"))
            assert await asyncio.wait_for(speaking, GUARD) == code
    assert text in capsys.readouterr().err


def ask_to_speak(home: Path, file: Path) -> None:
    with ShellClient(hub_address("main", home / "mdxdash"), first_line("speak")) as client:
        assert client.ask(Speak(file=str(file), model="0")).speech


@pytest.mark.parametrize("_", range(ROUNDS))
@pytest.mark.parametrize("recorded", [True, False])
async def test_it_is_ended_cleanly_when_the_hub_is_killed(
    tmp_path: Path, recorded: bool, _: int
) -> None:
    pcm = noise(20.0)
    file = write_wav(tmp_path / "long.wav", pcm)
    record = ["--record", str(tmp_path / "session.jsonl")] if recorded else ["--no-record"]
    with running("serve", "--port", "0", *record) as program:
        async with listening(url_of(program)) as agent:
            async with face(face="send", events=False) as raw:
                await speak(raw, file)
                await asyncio.sleep(random.uniform(0.4, 1))
            os.kill(program.process.pid, signal.SIGKILL)
            async with asyncio.timeout(GUARD):
                while True:
                    try:
                        async with face(face="send", events=False) as raw:
                            answer = await raw.ask("send", line="AFTER")
                            if answer["delivery"].get("agents"):
                                break
                    except (OSError, AssertionError, KeyError):
                        await asyncio.sleep(0.02)
            await agent.until(b"AFTER")
            await asyncio.sleep(1.5)
            assert pcm.startswith(sounds(agent.player.pcm)[:-512])
            assert (agent.player.gaps, agent.is_lost) == ([], False)
            assert [harm for harm in agent.player.harms if "thrown" not in harm] == []
            assert not agent.player.is_open
