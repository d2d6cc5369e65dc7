"""A dashboard behind the driver for browsers: what it reads, and that it ends with its tab."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.web.browser_messages import QUIT, Resized, Size, Typed, packets
from mdxdash.web.driver import NAME, BrowserDriver
from tests.support.homes import home_environment
from tests.support.waiting import GUARD

APP = """
from textual.app import App
from textual.widgets import Input, Label

class Shown(App):
    def compose(self):
        yield Input()
        yield Label()
    def on_mount(self):
        self.query_one(Input).focus()
    def on_input_changed(self, event):
        self.query_one(Label).update(f"typed {event.value} end")
    def on_resize(self, event):
        self.query_one(Label).update(f"size {event.size.width} end")

class Ended(Shown):
    def lose_terminal(self):
        pass
    def on_terminal_lost(self):
        self.exit()

Ended().run()
"""


class Dashboard:
    """A Textual app in a process as `mdxdash web` runs it."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", APP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=home_environment(folder) | {"TEXTUAL_DRIVER": NAME, "COLUMNS": "60", "ROWS": "10"},
        )
        self.shown = b""

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def until(self, wanted: str) -> None:
        assert self.process.stdout
        while wanted.encode() not in self.shown:
            data = self.process.stdout.read1(65536)
            assert data, f"{wanted} never came: {self.shown!r}"
            self.shown += data


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[Dashboard]:
    dashboard = Dashboard(tmp_path)
    guard = threading.Timer(GUARD, dashboard.process.kill)
    guard.start()
    with dashboard.process as process:
        try:
            yield dashboard
        finally:
            guard.cancel()
            process.kill()


def test_it_shows_a_picture_and_nothing_else_and_reads_packets(dashboard: Dashboard) -> None:
    dashboard.until("size 60 end")
    assert dashboard.shown.startswith(b"\x1b[?1049h")
    dashboard.write(packets(Resized(Size(50, 10))))
    dashboard.until("size 50 end")
    for typed in ("あ", "\x1b[200~い\x1b[201~", "\x1b[<999999999;1;1M\ufffd"):
        dashboard.write(packets(Typed(typed)))
    dashboard.until("typed あい")
    dashboard.write(QUIT)
    assert dashboard.process.wait(GUARD) == 0


def test_it_ends_with_the_end_of_its_input(dashboard: Dashboard) -> None:
    dashboard.until("size 60 end")
    assert dashboard.process.stdin
    dashboard.process.stdin.close()
    assert dashboard.process.wait(GUARD) == 0


def test_it_ends_when_it_hangs_and_its_input_ends(tmp_path: Path) -> None:
    hanging = APP.replace("self.exit()", "__import__('time').sleep(1000)")
    fast = f"import mdxdash.web.driver as driver\ndriver._LAST_SECONDS = 0.1\n{hanging}"
    process = subprocess.Popen(
        [sys.executable, "-c", fast],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=home_environment(tmp_path) | {"TEXTUAL_DRIVER": NAME},
    )
    assert process.stdin
    process.stdin.close()
    assert process.wait(GUARD) == 1


def test_a_browser_has_no_terminal_that_could_be_left_to_an_editor() -> None:
    driver = object.__new__(BrowserDriver)  # without a tab
    assert not driver.can_suspend
