"""`mdxdash speak`: sound files on a hub of its own."""

import asyncio
import sys
import threading
from pathlib import Path

from click.testing import CliRunner

from mdxdash.cli.commands.speak import command
from mdxdash.remote.hub_session import HubSession
from mdxdash.simulator import Simulator
from mdxdash.simulator.audio_player import AudioPlayer
from tests.speech.sources.test_sound_file import write_wav
from tests.support.faces import session_in
from tests.support.heard import noise, sounds
from tests.support.programs import mdxdash, running, url_of

QUICK = ("--port", "0", "--no-record")


async def played(url: str, ended: threading.Event) -> AudioPlayer:
    """What an agent plays until `ended` is set."""
    player = AudioPlayer()
    loop = asyncio.get_running_loop()
    agent = Simulator(url, on_event=lambda event: player.take(event, loop.time()))
    task = asyncio.create_task(agent.run())
    await asyncio.to_thread(ended.wait)
    task.cancel()
    return player


def test_files_are_spoken_one_after_the_other(tmp_path: Path) -> None:
    sounds_given = [noise(0.3, 1), noise(0.3, 2)]
    files = [
        str(write_wav(tmp_path / f"{number}.wav", pcm)) for number, pcm in enumerate(sounds_given)
    ]
    with running("speak", *files, *QUICK) as speak:
        ended = threading.Event()
        threading.Thread(target=lambda: (speak.process.wait(), ended.set()), daemon=True).start()
        player = asyncio.run(played(url_of(speak), ended))
        assert speak.end() == 0
    heard = [sounds(each.pcm) for each in player.played]
    joined = b"".join(heard)
    assert joined.startswith(sounds_given[0]) and joined.endswith(sounds_given[1])
    assert (player.gaps, player.harms) == ([], [])


def test_a_hub_that_runs_already_speaks(tmp_path: Path) -> None:
    file = str(write_wav(tmp_path / "greet.wav", noise(0.3, 1)))
    with running("serve", *QUICK) as serve:
        url = url_of(serve)
        port = url.rsplit(":", 1)[1].split("/")[0]
        ended = threading.Event()
        done = []

        def speak() -> None:
            serve.line()  # an agent has connected
            done.append(mdxdash("speak", file, "--port", port))
            ended.set()

        threading.Thread(target=speak, daemon=True).start()
        player = asyncio.run(played(url, ended))
    assert done[0].returncode == 0
    assert "model 0 has spoken greet.wav, 0.3 s" in done[0].stderr
    assert sounds(player.pcm) == noise(0.3, 1)


def test_without_an_agent_it_gives_up_in_time(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "greet.wav", noise(0.1))
    done = mdxdash("speak", str(file), *QUICK, "--wait-agent", "50ms")
    assert done.returncode == 3
    assert "an agent did not connect to ws://localhost:" in done.stderr


def test_a_file_that_is_no_sound_is_named_before_anything_begins(tmp_path: Path) -> None:
    done = mdxdash("speak", str(tmp_path / "missing.wav"), *QUICK)
    assert done.returncode == 2
    assert "missing.wav: No such file" in done.stderr or sys.platform == "win32"


async def through(
    session: HubSession, *arguments: str, sound: bytes = b""
) -> tuple[int, str, AudioPlayer]:
    """Speaks through a running hub that has an agent; returns the exit code, what was reported, and
    what was heard."""
    loop, player = asyncio.get_running_loop(), AudioPlayer()
    agent = Simulator(session.hub.url, on_event=lambda event: player.take(event, loop.time()))
    playing = asyncio.create_task(agent.run())
    result = await asyncio.to_thread(
        CliRunner().invoke, command, ["--hub", "main", *arguments], sound
    )
    playing.cancel()
    return result.exit_code, result.stderr, player


async def test_a_stream_is_spoken_through_a_hub_that_runs_already(tmp_path: Path) -> None:
    pcm = noise(1.0)
    async with session_in(tmp_path) as session:
        code, text, player = await through(session, "--raw", "16000", sound=pcm)
    assert (code, "model 0 has spoken standard input, 1.0 s" in text) == (0, True), text
    assert sounds(player.pcm) == pcm


async def test_a_running_hub_has_the_exit_codes_of_the_help(tmp_path: Path) -> None:
    file = str(write_wav(tmp_path / "greet.wav", noise(0.1)))
    async with session_in(tmp_path) as session:
        missing = await through(session, str(tmp_path / "missing.wav"))
        assert (missing[0], "missing.wav: " in missing[1]) == (2, True)
        nobody = await through(session, file, "--to", "nobody", "--wait-agent", "50ms")
        assert (nobody[0], "nobody did not connect to ws://localhost:" in nobody[1]) == (3, True)
