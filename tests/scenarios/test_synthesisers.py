"""Real synthesisers as voices: Open JTalk, and the guide's script for VOICEVOX."""

import asyncio
import json
import os
import shutil
import sys
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import mdxdash
from tests.support.documents import DOCUMENTS, blocks
from tests.support.heard import listening_agent, noise, sounds
from tests.support.waiting import GUARD

HTS_VOICE = os.environ.get("MDXDASH_HTS_VOICE", "")
"""The file `mei_normal.htsvoice`, which .ci/run takes from PyPI's pyopenjtalk."""

DICTIONARY = Path("/var/lib/mecab/dic/open-jtalk/naist-jdic")


@pytest.mark.skipif(not (HTS_VOICE and shutil.which("open_jtalk")), reason="needs Open JTalk")
async def test_open_jtalk_speaks_japanese() -> None:
    command = f'open_jtalk -x {DICTIONARY} -m "{HTS_VOICE}" -ow {{out}}'
    voices = {"mei": mdxdash.VoiceSettings(command)}
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0, voices=voices) as hub:
        async with listening_agent(hub.server) as player:
            agent = await hub.agent()
            spoken = await agent.say("こんにちは。", model="0")
            assert spoken.state == "spoken"
            assert 0.5 < spoken.sent < 3
            assert spoken.latency is not None
            print(f"first sound after {spoken.latency:.2f} s")
            assert (player.gaps, player.harms) == ([], [])
            assert len(player.pcm) >= spoken.sent_bytes


class _Voicevox(BaseHTTPRequestHandler):
    """Its two calls: a query for a text, and the sound of a query."""

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path == "/audio_query":
            body = json.dumps({"kana": query["text"][0]}).encode()
        else:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert (given["kana"], query["speaker"]) == ("はい。", ["3"])
            sound = BytesIO()
            with wave.open(sound, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(16_000)
                file.writeframes(noise(0.3))
            body = sound.getvalue()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def voicevox() -> Iterator[int]:
    """A stand-in of VOICEVOX; gives its port."""
    server = HTTPServer(("127.0.0.1", 0), _Voicevox)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


async def test_the_guide_s_script_speaks_by_voicevox(tmp_path: Path) -> None:
    (script,) = blocks(DOCUMENTS["speech"], "py")
    path = tmp_path / "voicevox.py"
    with voicevox() as port:
        path.write_text(script.replace("50021", str(port)), encoding="utf-8")
        command = f'"{sys.executable}" "{path}" 3 {{out}}'
        voices = {"zundamon": mdxdash.VoiceSettings(command)}
        async with asyncio.timeout(GUARD), mdxdash.Hub(port=0, voices=voices) as hub:
            async with listening_agent(hub.server) as player:
                agent = await hub.agent()
                await agent.say("はい。", model="0")
                assert sounds(player.pcm) == noise(0.3)
