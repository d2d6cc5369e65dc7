"""Who gets the page, its files and a dashboard, and what ends a dashboard."""

import asyncio
import gc
import logging
import os
import re
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from mdxdash.hub.listening import tls_context
from mdxdash.web import server as server_module
from mdxdash.web import tab as tab_module
from mdxdash.web.server import FULL, TABS
from tests.support.tls import written_pair
from tests.support.waiting import GUARD
from tests.support.web_servers import Browser, browsing, ended, shown

SECRET = "0123456789abcdefABCDEF"
TYPED = '["stdin", "こんにちは"]'


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that do not end by themselves are killed soon."""
    monkeypatch.setattr(tab_module, "END_TIMEOUT", 0.3)
    monkeypatch.setattr(server_module, "CLOSING_TIMEOUT", 1.5)


async def process_of(tab: aiohttp.ClientWebSocketResponse) -> int:
    """The process behind a tab, once it runs."""
    text = await shown(tab, b"\n")
    return int(text.removeprefix(b"pid "))


async def is_gone(process: int) -> bool:
    async with asyncio.timeout(GUARD):
        while runs(process):
            await asyncio.sleep(0.01)
    return True


def runs(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def refusal(browser: Browser, **headers: str) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        async with browser.tab(**headers):
            pass
    return caught.value.status


async def test_what_is_typed_reaches_a_process_of_the_tab_and_what_that_shows_comes_back() -> None:
    async with browsing() as (_, browser), browser.tab() as one, browser.tab() as two:
        assert await process_of(one) != await process_of(two)
        await one.send_str(TYPED)
        assert "こんにちは".encode() in await shown(one, "こんにちは".encode())


async def test_the_page_loads_nothing_from_elsewhere() -> None:
    async with browsing() as (_, browser):
        async with browser.session.get(browser.url) as response:
            page = await response.text()
            policy = response.headers["Content-Security-Policy"]
        assert "the title" in page
        assert "//" not in re.sub("<!--.*?-->", "", page)
        assert "http" not in policy
        files = re.findall(r'(?:src|href)="(/[^"]*)"', page)
        assert len(files) == 4
        for file in (*files, "/static/RobotoMono.ttf"):
            assert await browser.status(file) == 200
        async with browser.session.get(f"{browser.url}/static/xterm.css") as response:
            assert "//" not in re.sub(r"/\*.*?\*/", "", await response.text(), flags=re.DOTALL)


@pytest.mark.parametrize(
    "path",
    [
        *("/static", "/static/", "/static/js/textual.js", "/static/..%2fserver.py", "/download/x"),
        *("/static/%2e%2e/%2e%2e/server.py", "/nothing", "/a/b"),
    ],
)
async def test_there_are_no_other_files_and_no_list_of_them(path: str) -> None:
    async with browsing() as (_, browser):
        assert await browser.status(path) == 404


async def test_every_answer_forbids_frames_and_guessing_and_keeping() -> None:
    async with browsing(secret=SECRET) as (_, browser):
        for path in ("/", f"/{SECRET}", "/static/page.js", "/wrong"):
            async with browser.session.get(browser.url + path) as response:
                assert response.headers["X-Frame-Options"] == "DENY"
                assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Cache-Control"] == "no-store"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert response.headers["Server"] == "mdxdash"


async def test_a_name_that_is_not_of_this_machine_gets_nothing() -> None:
    async with browsing() as (server, browser):
        assert await browser.status(Host="evil.example") == 421
        origin = "http://evil.example:8000"
        assert await refusal(browser, Origin=origin, Host="evil.example:8000") == 421
        assert not server.tabs


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
async def test_a_page_of_another_origin_gets_nothing(origin: str) -> None:
    async with browsing() as (server, browser):
        assert await refusal(browser, Origin=origin) == 403
        assert await browser.status("/", Origin=origin) == 403
        assert not server.tabs


async def test_a_client_that_sends_no_origin_gets_no_dashboard() -> None:
    async with browsing() as (_, browser):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with browser.session.ws_connect(f"{browser.url}/ws"):
                pass


@pytest.mark.parametrize("path", ["/", "/static/textual.js", "/static/page.js", "/ws", "/x"])
async def test_without_the_secret_there_is_nothing(path: str) -> None:
    async with browsing(secret=SECRET) as (_, browser):
        assert await browser.status(path, Origin=browser.url) in (403, 404)
        assert await refusal(browser) == 403


@pytest.mark.parametrize("wrong", [SECRET[:-1], SECRET.lower(), f"{SECRET}/", "%00", "%ff%fe"])
async def test_a_wrong_secret_gives_no_cookie(wrong: str) -> None:
    async with browsing(secret=SECRET) as (_, browser):
        async with browser.session.get(f"{browser.url}/{wrong}") as response:
            assert response.status in (403, 404)
            assert not response.cookies


async def test_the_secret_is_shown_once_and_then_a_cookie_stands_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with browsing(secret=SECRET) as (server, browser):
            async with browser.session.get(f"{browser.url}/{SECRET}") as response:
                (cookie,) = response.cookies.values()
                assert "url=/" in await response.text()
                assert response.history == ()
            assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
            async with browser.session.get(browser.url) as response:
                assert response.status == 200
                assert SECRET not in await response.text()
            async with browser.tab() as tab:
                await process_of(tab)
            assert SECRET not in f"{vars(server)}"
    assert SECRET not in caplog.text


async def test_with_tls_the_cookie_and_the_websocket_need_it_too(tmp_path: Path) -> None:
    tls = tls_context(*written_pair(tmp_path))
    async with browsing(secret=SECRET, tls=tls) as (_, browser):
        async with browser.session.get(f"{browser.url}/{SECRET}") as response:
            (cookie,) = response.cookies.values()
            assert cookie["secure"]
        assert await refusal(browser, Origin=browser.url.replace("https", "http")) == 403
        async with browser.tab() as tab:
            await process_of(tab)


async def test_the_ninth_tab_is_told_why_it_is_empty() -> None:
    async with browsing("import sys; sys.stdin.read()") as (server, browser):
        tabs = [await browser.tab() for _ in range(TABS)]
        async with browser.session.get(browser.url) as response:
            assert (response.status, FULL in await response.text()) == (503, True)
        async with browser.tab() as ninth:
            assert await ended(ninth) == (FULL, 1013)
        await tabs[0].close()
        async with asyncio.timeout(GUARD):
            while len(server.tabs) == TABS:
                await asyncio.sleep(0.01)
        assert await browser.status() == 200
        for tab in tabs[1:]:
            await tab.close()


@pytest.mark.parametrize("garbage", ["", "x", "[]", '["stdin", 5]', '["quit"]', "[" * 50_000])
async def test_a_browser_that_sends_garbage_ends_its_own_tab_only(garbage: str) -> None:
    async with browsing() as (_, browser), browser.tab() as other, browser.tab() as bad:
        process = await process_of(bad)
        await bad.send_str(garbage)
        assert await ended(bad) == (None, 1008)
        assert await is_gone(process)
        await other.send_str(TYPED)
        await shown(other, "こんにちは".encode())


async def test_a_message_that_is_too_large_or_no_text_ends_its_own_tab_only() -> None:
    async with browsing() as (_, browser), browser.tab() as other:
        async with browser.tab() as large:
            await large.send_str("x" * 300_000)
            assert (await ended(large))[1] == 1009
        async with browser.tab() as binary:
            await process_of(binary)
            await binary.send_bytes(b"x")
            assert await ended(binary) == (None, 1008)
        await other.send_str(TYPED)
        await shown(other, "こんにちは".encode())


async def test_a_flood_for_a_process_that_does_not_read_stops_only_the_browser_that_sends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tab_module, "INPUT_TIMEOUT", 0.5)
    source = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(1000)"
    async with browsing(source) as (_, browser), browser.tab() as bad:
        process = await process_of(bad)
        text = '["stdin", "' + "x" * 100_000 + '"]'
        with suppress(ConnectionError):
            while runs(process):
                await bad.send_str(text)
                assert await browser.status() == 200
        assert await is_gone(process)


async def test_a_browser_that_does_not_read_is_waited_for_by_its_own_process_only() -> None:
    source = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    async with browsing(source) as (server, browser), browser.tab():
        await asyncio.sleep(0.2)
        assert await browser.status() == 200
        assert len(server.tabs) == 1


async def test_a_process_ends_with_its_tab_also_when_it_does_not_listen() -> None:
    source = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(1000)"
    async with browsing(source) as (_, browser):
        async with browser.tab() as tab:
            process = await process_of(tab)
        assert await is_gone(process)


async def test_a_tab_ends_with_its_process_and_shows_what_that_reported() -> None:
    source = "import sys; sys.exit('Traceback /home/x\\nmdxdash: no hub runs\\n/home/y')"
    async with browsing(source) as (_, browser), browser.tab() as tab:
        assert await ended(tab) == ("mdxdash: no hub runs", 1000)


async def test_a_command_that_cannot_be_started_is_a_page_not_a_crash() -> None:
    async with browsing() as (server, browser):
        server.tab_command = ["/no/such/program"]
        async with browser.tab() as tab:
            assert await ended(tab) == ("The dashboard could not be started.", 1000)
        assert await browser.status() == 200
        gc.collect()  # asyncio leaves the pipes of such a process to it


async def test_the_end_of_the_server_ends_the_tabs_and_their_processes() -> None:
    async with browsing() as (_, browser):
        tab = await browser.tab()
        process = await process_of(tab)
        waiting = asyncio.create_task(ended(tab))
        await asyncio.sleep(0)
    assert await is_gone(process)
    waiting.cancel()


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("?width=100&height=30", "100 30"),
        ("", "80 24"),
        ("?width=1000000000&height=30", "80 24"),
        ("?width=x&height=%00", "80 24"),
    ],
)
async def test_a_dashboard_begins_with_the_size_of_its_window(query: str, size: str) -> None:
    source = "import os; print(os.environ['COLUMNS'], os.environ['ROWS'], flush=True)"
    async with browsing(source) as (_, browser), browser.tab(query) as tab:
        assert (await shown(tab, b"\n")).split() == size.encode().split()


async def test_a_dashboard_gets_no_secret_and_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDXDASH_WEB_SECRET", SECRET)
    source = "import os; print(dict(os.environ), '.', flush=True)"
    async with browsing(source, secret=None) as (_, browser), browser.tab() as tab:
        text = (await shown(tab, b" .")).decode()
    assert SECRET not in text
    assert "mdxdash.web.driver:BrowserDriver" in text
    assert os.environ["PATH"] in text
