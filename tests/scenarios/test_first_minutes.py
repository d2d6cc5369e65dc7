"""The first five minutes of the README, done as it says."""

import sys
from pathlib import Path

import pytest

from tests.support.terminal import mdxdash_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def test_the_first_five_minutes(tmp_path: Path) -> None:
    with mdxdash_terminal(tmp_path, "--demo") as terminal:
        terminal.until("RECOG_EVENT_STOP")
        terminal.press("\x1b[A")  # up
        terminal.until("end follows")
        terminal.press("\x1b[F")  # end
        terminal.until_so(lambda: "end follows" not in terminal.text(), "following again")
        terminal.press("/")
        terminal.press("type:RECOG_*,SYNTH_*\r")
        terminal.until("/ type:RECOG_*,SYNTH_*")  # without `/` it is in the hint of the empty line
        terminal.press("c")
        terminal.press("SYNTH_START|0|mei_voice_normal|こんにちは\r")
        terminal.until_so(
            lambda: any(
                "→" in line and "mei_voice_normal" in line and "✓" in line
                for line in terminal.text().splitlines()
            ),
            "an acknowledged SYNTH_START",
        )
        terminal.press("\x1b")  # Escape; what follows at once would make it Alt
        terminal.until_so(lambda: "Several lines" not in terminal.text(), "the stream's keys")
        terminal.press("1")
        terminal.until("▶")
        terminal.press("1")
        terminal.until_so(lambda: "▶" not in terminal.text(), "the macro's end")
        terminal.press("?")
        terminal.until("Go to the row after the next silence")
        terminal.press("\x1b")
        terminal.until_so(
            lambda: "after the next silence" not in terminal.text(), "the closed help"
        )
        terminal.press("q")
        assert terminal.end() == 0
