"""The dashboard in a real browser, beside one in a terminal, on the same hub and agent."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.chromium import BrowserTab, chromium, needs_chromium
from tests.support.homes import home_environment
from tests.support.programs import running, url_of
from tests.support.terminal import mdxdash_terminal

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]


SECRET = "0123456789abcdefABCDEF"


def test_two_tabs_and_a_terminal_show_and_send(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in home_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MDXDASH_WEB_SECRET", SECRET)
    with (
        running("serve", "--port", "0", "--no-record") as hub,
        running("simulate", "--url", url_of(hub)),
        running("web", "--port", "0") as web,
        chromium() as browser,
        mdxdash_terminal(tmp_path, "attach") as terminal,
    ):
        address = web.diagnostic().removeprefix("serving browsers at ").removesuffix("SECRET")
        person = browser.new_context()
        one, two = (BrowserTab(person.new_page()) for _ in range(2))
        for tab, path in ((one, SECRET), (two, "")):
            tab.open(address + path)
            assert tab.page.url == address
            assert SECRET not in tab.page.content() + tab.page.title()
            assert tab.page.evaluate("document.cookie") == ""
            tab.until("1 agent")
            tab.until("PLUGIN_EVENT_ENABLE")

        for each in (one, two, terminal):
            each.press("/type:TEST_MESSAGE\r")
            each.until("□ PLUGIN_EVENT_ENABLE")
        one.press("cTEST_MESSAGE|ブラウザから\r")
        one.until("✓ ")  # its echo came
        for each in (one, two, terminal):
            each.until("ブラウザから")
            each.until("by web")

        one.page.close()
        again = BrowserTab(person.new_page())
        again.open(address)
        again.until("PLUGIN_EVENT_ENABLE")
        again.press("/type:TEST_MESSAGE\r")
        again.until("ブラウザから")
        terminal.press("cTEST_MESSAGE|端末から\r")
        again.until("端末から")
        again.until("by attach")

        stranger = person.new_page()
        stranger.goto("data:text/html,a page of another origin")
        opened = "url => new Promise(end => Object.assign(new WebSocket(url), LISTENERS))".replace(
            "LISTENERS", "{onopen: () => end('open'), onclose: () => end('refused')}"
        )
        assert stranger.evaluate(opened, address.replace("http", "ws") + "ws") == "refused"

        for tab in (one, two, again):
            assert tab.errors == []
            assert {urlsplit(url).netloc for url in tab.requests} == {urlsplit(address).netloc}
