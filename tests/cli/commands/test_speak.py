"""`mdxdash speak`: sound files on a hub of its own."""

import asyncio
import sys
import threading
from pathlib import Path

from mdxdash.simulator import Simulator
from mdxdash.simulator.audio_player import AudioPlayer
from tests.speech.sources.test_sound_file import write_wav
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
