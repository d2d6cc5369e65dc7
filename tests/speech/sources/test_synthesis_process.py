"""Synthesisers that leave something behind, or write without an end."""

import os
import signal
import sys
from pathlib import Path

import pytest

from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.synthesis_process import SynthesisProcess
from tests.support.waiting import GUARD, until

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="its job ends all children there")

WAV = """
import struct, sys, wave
def write(out, rate=16000):
    with wave.open(out, "wb") as file:
        file.setnchannels(1); file.setsampwidth(2); file.setframerate(rate)
        file.writeframes(bytes(3200))
"""

LEAVES_A_CHILD = """
import subprocess, sys
sleeps = [sys.executable, "-c", "import time; time.sleep(600)"]
child = subprocess.Popen(sleeps, start_new_session={detached})
with open({pid!r}, "w") as file:
    file.write(str(child.pid))
"""


def read(script: str, *arguments: str, text: str = "はい", **limits: float) -> bytes:
    limits = {"timeout": GUARD, "longest": 60.0, **limits}
    words = [sys.executable, "-X", "utf8", "-c", script, *arguments]
    synthesis = SynthesisProcess(words, text, "mei", limits["timeout"], limits["longest"])
    try:
        return b"".join(iter(synthesis.read, b""))
    finally:
        synthesis.close()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # One that nobody waits for is still there, but does nothing.
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and ") Z " in stat.read_text(encoding="utf-8")


@ON_POSIX
def test_a_child_that_left_and_holds_the_output_ends_no_speech(tmp_path: Path) -> None:
    pid = tmp_path / "pid.txt"
    script = LEAVES_A_CHILD.format(pid=str(pid), detached=True) + WAV + "write(sys.stdout.buffer)"
    try:
        assert read(script) == bytes(3200)
    finally:
        os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGKILL)


@ON_POSIX
def test_its_children_end_with_each_sentence(tmp_path: Path) -> None:
    pid = tmp_path / "pid.txt"
    script = LEAVES_A_CHILD.format(pid=str(pid), detached=False) + WAV + "write(sys.argv[1])"
    assert read(script, "{out}") == bytes(3200)
    until(lambda: gone(int(pid.read_text(encoding="utf-8"))))


def test_of_its_standard_error_the_end_is_kept() -> None:
    script = "import sys; sys.stderr.write('x' * 10**6 + chr(10) + 'no dictionary'); sys.exit(3)"
    with pytest.raises(SoundError, match=r"voice mei: it ended with code 3: no dictionary$"):
        read(script)


def test_a_file_without_an_end_is_ended() -> None:
    script = "import sys\nwith open(sys.argv[1], 'wb') as f:\n  while True: f.write(bytes(65536))"
    with pytest.raises(SoundError, match="its file has more sound than"):
        read(script, "{out}", longest=1.0)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("arguments", [(), ("{text}",)])
def test_what_is_no_text_is_left_out(text: str, arguments: tuple[str, ...]) -> None:
    assert read(WAV + "write(sys.stdout.buffer)", *arguments, text=text) == bytes(3200)


def test_a_text_is_never_an_option_of_the_synthesiser() -> None:
    script = WAV + "assert sys.argv[1] == ' --help', sys.argv; write(sys.stdout.buffer)"
    assert read(script, "{text}", text="--help") == bytes(3200)


def test_a_command_that_the_system_cannot_take_is_said() -> None:
    with pytest.raises(SoundError, match="voice mei: a\x00b: embedded null byte"):
        SynthesisProcess(["a\0b"], "はい", "mei", 1.0, 1.0)


@pytest.mark.parametrize("rate", [0, 999_999_999])
def test_a_rate_that_no_sound_has_is_said(rate: int) -> None:
    script = f"""
import struct, sys
form = struct.pack("<HHIIHH", 1, 1, {rate}, 0, 2, 16)
head = b"RIFF____WAVEfmt " + struct.pack("<I", 16) + form + b"data____"
sys.stdout.buffer.write(head + bytes(10**6))
"""
    with pytest.raises(SoundError, match="expected 1,000 to 768,000 Hz"):
        read(script)
