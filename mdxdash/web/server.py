"""The web server: the page, its files, and a WebSocket a tab.

Built on textual-serve 1.1, of which it uses the script, the style and the fonts of the page. Its
own routes list the folder of these files, its page loads a font from elsewhere, its runner gives
the command to a shell, and it lets in everybody; so these are replaced here.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import aiohttp_jinja2
import jinja2
import msgspec
from aiohttp import WSCloseCode, web
from textual_serve import server as textual_server

from mdxdash.language.translation import _
from mdxdash.web.access import Access
from mdxdash.web.browser_messages import MESSAGE_BYTES, Size
from mdxdash.web.driver import NAME as DRIVER
from mdxdash.web.tab import Tab, end_page

_logger = logging.getLogger(__name__)

TABS: Final = 8
"""Tabs at the same time; each is a process."""

FULL: Final = _(
    "{tabs} tabs show the dashboard already, which is the most. Close one of them."
).format(tabs=TABS)

CLOSING_TIMEOUT: Final = 5.0
"""Seconds that open tabs have to end when the server ends."""

_LAST_WORDS_TIMEOUT: Final = 1.0
"""Seconds that the browsers have to take why their tabs end."""

_HEARTBEAT: Final = 15.0
"""Seconds between two pings: a tablet that is out of reach sends no end of its connection."""

_PAGES: Final = Path(__file__).parent / "pages"
_TEXTUAL_SERVE: Final = Path(textual_server.__file__).parent / "static"

_FILES: Final = {
    "page.css": _PAGES / "page.css",
    "page.js": _PAGES / "page.js",
    "xterm.css": _TEXTUAL_SERVE / "css" / "xterm.css",
    "textual.js": _TEXTUAL_SERVE / "js" / "textual.js",
    "RobotoMono.ttf": _TEXTUAL_SERVE / "fonts" / "RobotoMono-VariableFont_wght.ttf",
}
"""The files that the page loads; there are no others."""

_FONT_SIZES: Final = range(8, 41)

_HEADERS: Final = {
    # xterm.js makes style elements of its own.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "mdxdash",
}

_ENTRY: Final = "enter"
"""The name of the only route that needs no cookie."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer(textual_server.Server):
    """Serves one dashboard, a process a tab, to the browsers that `access` lets in."""

    def __init__(self, command: Sequence[str], access: Access, title: str) -> None:
        """
        * `command`: the program of a tab and its arguments. It runs with Textual's driver for
          browsers and the environment of this process.
        * `title`: of the page.
        """
        super().__init__("", title=title, templates_path=_PAGES)
        self.tab_command = command
        self._access = access
        self._environment = _environment(os.environ)
        self.tabs: set[web.WebSocketResponse] = set()
        """The WebSockets of the open tabs."""

    @asynccontextmanager
    async def listening(self, hosts: Sequence[str], port: int, tls: Any) -> AsyncIterator[None]:
        """Serves on these addresses while it is entered; leaving it ends all tabs. Raises
        `OSError`.

        * `tls`: the SSL context for `https://`, or None.
        """
        # Without a log of requests, whose addresses hold the secret.
        runner = web.AppRunner(
            await self._make_app(), access_log=None, shutdown_timeout=CLOSING_TIMEOUT
        )
        async with AsyncExitStack() as stack:
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            for host in hosts:
                await web.TCPSite(runner, host, port, ssl_context=tls).start()
            yield

    async def on_startup(self, app: web.Application) -> None:
        """Prints nothing: who runs the server says what there is to say."""

    async def on_shutdown(self, app: web.Application) -> None:
        """Ends all tabs."""
        if ending := [
            asyncio.create_task(end_page(tab, _("mdxdash web has ended."), WSCloseCode.GOING_AWAY))
            for tab in self.tabs
        ]:
            # A browser that does not read is not waited for.
            await asyncio.wait(ending, timeout=_LAST_WORDS_TIMEOUT)
            for task in ending:
                task.cancel()

    async def handle_index(self, request: web.Request) -> web.Response:
        """Returns the page, or one that says that there are too many."""
        if len(self.tabs) >= TABS:
            return self._notice(request, FULL, 503)
        try:
            size = int(request.query.get("fontsize", ""))
        except ValueError:
            size = 0
        size = size if size in _FONT_SIZES else 16
        return aiohttp_jinja2.render_template(
            "page.html", request, {"title": self.title, "font_size": size}
        )

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Runs a dashboard as long as the WebSocket is open."""
        websocket = web.WebSocketResponse(
            heartbeat=_HEARTBEAT, max_msg_size=MESSAGE_BYTES, compress=False
        )
        full = len(self.tabs) >= TABS
        try:
            size = msgspec.convert(dict(request.query), Size, strict=False)
        except msgspec.ValidationError:
            size = Size(80, 24)
        if full:
            await websocket.prepare(request)
            await end_page(websocket, FULL, WSCloseCode.TRY_AGAIN_LATER)
            return websocket
        self.tabs.add(websocket)
        try:
            await websocket.prepare(request)
            await Tab(self.tab_command, self._environment, websocket).run(size)
        except OSError as error:
            _logger.error("a dashboard could not be started: %s", error)
            await end_page(websocket, _("The dashboard could not be started."))
        finally:
            self.tabs.discard(websocket)
        return websocket

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._admit])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(_PAGES))
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws", self.handle_websocket),
                web.get("/static/{name}", self._send_file),
                web.get("/{secret}", self._enter, name=_ENTRY),
            ]
        )
        app.on_shutdown.append(self.on_shutdown)
        app.on_response_prepare.append(_add_headers)
        return app

    @web.middleware
    async def _admit(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Lets a request through to its route, or refuses it."""
        access = self._access
        if not access.knows_host(request.headers.get("Host")):
            return self._refuse(request, _("its Host is no name of this machine"), 421)
        origin = request.headers.get("Origin")
        wants_origin = origin is not None or request.path == "/ws"
        if wants_origin and not access.is_own_origin(origin, request.headers.get("Host")):
            return self._refuse(request, _("it comes from a page of another origin"), 403)
        is_entry = request.match_info.route.name == _ENTRY
        if is_entry or access.has_cookie(request.cookies.get(access.cookie_name)):
            try:
                return await handler(request)
            except web.HTTPException as error:
                return self._notice(request, error.reason, error.status)
        return self._refuse(request, _("it has no secret"), 403)

    async def _enter(self, request: web.Request) -> web.Response:
        """Gives a browser that knows the secret the cookie that stands for it, and the page."""
        access = self._access
        if not access.is_secret(request.match_info["secret"]):
            return self._refuse(request, _("unknown page, or wrong secret"), 404)
        # Not a redirection: with it a link in another site's page, say of a mail, would lead to a
        # request that browsers send without a cookie that is `SameSite=Strict`.
        response = aiohttp_jinja2.render_template("enter.html", request, {})
        response.set_cookie(
            access.cookie_name,
            access.cookie_value,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=access.secure,
        )
        return response

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        file = _FILES.get(request.match_info["name"])
        return web.FileResponse(file) if file else self._notice(request, "Not Found", 404)

    def _refuse(self, request: web.Request, reason: str, status: int) -> web.Response:
        _logger.warning("a request of %s was refused: %s", request.remote, reason)
        return self._notice(
            request, _("Open the address that “mdxdash web” shows when it starts."), status
        )

    def _notice(self, request: web.Request, text: str, status: int) -> web.Response:
        context = {"title": self.title, "text": text}
        return aiohttp_jinja2.render_template("notice.html", request, context, status=status)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment of a tab's process: this one's, without what is not for it."""
    kept = {name: value for name, value in environ.items() if name != "MDXDASH_WEB_SECRET"}
    return kept | {
        "TEXTUAL_DRIVER": DRIVER,
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM_PROGRAM": "textual",
        "TERM_PROGRAM_VERSION": version("textual-serve"),
    }
