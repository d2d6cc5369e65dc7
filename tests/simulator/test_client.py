"""The simulator on real sockets, against small servers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.utils import accept_key

from mdxdash.simulator import (
    AgentCrashed,
    AgentGaveUp,
    ClientEvent,
    Connected,
    Content,
    Disconnected,
    Refused,
    Simulator,
)
from mdxdash.simulator.input_parser import Lost, Waiting
from tests.support.waiting import GUARD

Handler = Callable[[ServerConnection], Awaitable[None]]


@contextlib.asynccontextmanager
async def server(handler: Handler, **options: object) -> AsyncIterator[str]:
    """A server on a free port. Gives its URL, with the path `/chat`."""
    listening: Server
    async with serve(handler, "127.0.0.1", 0, ping_interval=None, **options) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"ws://127.0.0.1:{port}/chat"
        for connection in listening.connections:
            connection.transport.abort()


@contextlib.asynccontextmanager
async def running(simulator: Simulator) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(simulator.run())
    try:
        async with asyncio.timeout(GUARD):
            yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Desk:
    """A server's handler that leaves its connections to the test."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def __call__(self, connection: ServerConnection) -> None:
        self.arrived.put_nowait(connection)
        await connection.wait_closed()


class Diary(list[ClientEvent]):
    """What a simulator has told, to be given as its `on_event`."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def __call__(self, happening: ClientEvent) -> None:
        self.append(happening)
        self._news.set()

    async def news(self) -> None:
        """Wait until something was told."""
        await self._news.wait()
        self._news.clear()

    async def until(self, happening: ClientEvent, times: int = 1) -> None:
        """Wait until something was told that often."""
        while self.count(happening) < times:
            await self.news()


def write(connection: ServerConnection, *frames: Frame) -> None:
    """Write frames as they are, in one go."""
    connection.transport.write(b"".join(frame.serialize(mask=False) for frame in frames))


def text(payload: bytes) -> Frame:
    return Frame(Opcode.TEXT, payload)


async def test_it_opens_like_the_agent() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)):
        request = (await desk.arrived.get()).request
    assert request is not None
    assert request.path == "/chat"
    assert request.headers["X-App-Type"] == "MMDAgent"
    for header in ("Origin", "User-Agent", "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"):
        assert header not in request.headers


async def test_it_echoes_line_by_line_in_order() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)):
        connection = await desk.arrived.get()
        await connection.send("A|1\nB|日本\n")
        await connection.send(b"C\n")
        assert [await connection.recv() for _ in range(3)] == ["A|1\n", "B|日本\n", "C\n"]


async def test_it_lives() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url, behavior=Content(speed=10))):
        connection = await desk.arrived.get()
        assert await connection.recv() == "PLUGIN_EVENT_ENABLE|Variables\n"
        while await connection.recv() != "RECOG_EVENT_STOP|こんにちは\n":
            pass


async def test_it_says_what_it_is_told_to() -> None:
    desk = Desk()
    async with server(desk) as url:
        simulator = Simulator(url)
        async with running(simulator):
            connection = await desk.arrived.get()
            simulator.issue("RECOG_EVENT_STOP|やあ")
            assert await connection.recv() == "RECOG_EVENT_STOP|やあ\n"


async def test_many_lines_come_back_in_order() -> None:
    desk = Desk()
    lines = [f"A|{number}\n" for number in range(20_000)]
    async with server(desk) as url, running(Simulator(url)):
        connection = await desk.arrived.get()
        for start in range(0, len(lines), 400):
            await connection.send("".join(lines[start : start + 400]))
        assert [await connection.recv() for _ in lines] == lines


async def test_ten_at_once() -> None:
    desk = Desk()
    async with server(desk) as url, contextlib.AsyncExitStack() as agents:
        for _ in range(10):
            await agents.enter_async_context(running(Simulator(url)))
        connections = [await desk.arrived.get() for _ in range(10)]
        for number, connection in enumerate(connections):
            await connection.send(f"A|{number}\n")
        echoes = [await connection.recv() for connection in connections]
    assert echoes == [f"A|{number}\n" for number in range(10)]


async def test_a_long_echo_is_cut_at_2047_bytes() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)):
        connection = await desk.arrived.get()
        await connection.send("A|{}\n".format("日" * 700))
        echo = await connection.recv(decode=False)
    assert len(echo) == 2047
    assert not echo.endswith(b"\n")


async def test_pings_are_answered_with_their_payload() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)):
        connection = await desk.arrived.get()
        await (await connection.ping(b"1234"))


async def test_an_empty_ping_is_answered_with_a_stray_byte() -> None:
    async def answer_upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line.split(": ")[1] for line in head.split("\r\n") if "-Key" in line)
        writer.write(accept(key) + Frame(Opcode.PING, b"").serialize(mask=False))
        answered.set_result(await reader.readexactly(7))
        writer.close()

    answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    async with await asyncio.start_server(answer_upgrade, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with running(Simulator(f"ws://127.0.0.1:{port}/")):
            pong = await answered
    assert pong[:2] == bytes([0x80 | Opcode.PONG, 0x80 | 1])


def accept(key: str) -> bytes:
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n"
    ).encode()


async def test_an_empty_line_crashes_it() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)) as task:
        connection = await desk.arrived.get()
        await connection.send("\n")
        with pytest.raises(AgentCrashed, match="empty line"):
            await task
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
    assert closed.value.rcvd is None  # no close frame came from it


async def test_wedged_it_goes_on_talking_but_does_not_listen() -> None:
    desk = Desk()
    async with server(desk) as url:
        simulator = Simulator(url)
        async with running(simulator):
            connection = await desk.arrived.get()
            await connection.send("\nA\n")
            await connection.send("B\n")
            await (await connection.ping(b"taken in"))
            simulator.issue("OWN")
            assert await connection.recv() == "OWN\n"


async def test_fragments_are_frames_and_an_empty_one_loses_the_connection() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)):
        connection = await desk.arrived.get()
        write(connection, Frame(Opcode.TEXT, b"A|1\nB|", fin=False))
        assert await connection.recv() == "A|1\n"
        write(connection, Frame(Opcode.CONT, b"2\n", fin=False))
        assert await connection.recv() == "B|2\n"
        write(connection, Frame(Opcode.CONT, b""))
        await connection.wait_closed()
        await desk.arrived.get()


async def test_parts_of_a_frame_that_lie_apart_lose_the_connection() -> None:
    desk = Desk()
    diary = Diary()
    async with server(desk) as url, running(Simulator(url, on_event=diary)):
        connection = await desk.arrived.get()
        connection.transport.write(text(b"A|1\n").serialize(mask=False)[:4])
        await connection.wait_closed()
        await desk.arrived.get()
    assert any(isinstance(each, Lost) and "Timeout" in each.reason for each in diary)


async def test_a_frame_against_the_protocol_loses_the_connection() -> None:
    desk = Desk()
    diary = Diary()
    async with server(desk) as url, running(Simulator(url, on_event=diary)):
        connection = await desk.arrived.get()
        connection.transport.write(text(b"A|1\n").serialize(mask=True))
        await connection.wait_closed()
        await desk.arrived.get()
    assert Lost("a frame against RFC 6455: incorrect masking") in diary


async def test_what_a_close_code_leaves_is_glued_to_the_first_line_after_the_reconnect() -> None:
    desk = Desk()
    diary = Diary()
    async with server(desk) as url, running(Simulator(url, on_event=diary)):
        first = await desk.arrived.get()
        write(first, Frame(Opcode.CLOSE, b"\x03\xe8"))
        first.transport.close()
        second = await desk.arrived.get()
        await second.send("FIRST|1\n")
        assert await second.recv(decode=False) == b"\x03\xe8FIRST|1\n"
    assert Waiting(b"\x03\xe8", "a line without its newline") in diary


async def test_after_a_close_frame_without_payload_the_first_line_is_clean() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url)):
        first = await desk.arrived.get()
        write(first, Frame(Opcode.CLOSE, b""))
        second = await desk.arrived.get()
        await second.send("FIRST|1\n")
        assert await second.recv() == "FIRST|1\n"


async def test_it_never_answers_a_close_frame() -> None:
    desk = Desk()
    async with server(desk, close_timeout=0.2) as url, running(Simulator(url)):
        connection = await desk.arrived.get()
        await connection.close()
    assert connection.protocol.close_rcvd is None


async def test_after_a_loss_it_comes_back_and_is_told_so() -> None:
    desk = Desk()
    diary = Diary()
    async with server(desk) as url, running(Simulator(url, on_event=diary)):
        (await desk.arrived.get()).transport.close()
        await diary.until(Connected("/chat"), times=2)
    kinds = [each for each in diary if isinstance(each, Connected | Disconnected)]
    assert kinds == [
        Connected("/chat"),
        Disconnected("the server closed the connection"),
        Connected("/chat"),
    ]


async def test_too_many_requests_send_it_to_another_path() -> None:
    def admit(connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/chat-1-2":
            return None
        return connection.respond(HTTPStatus.TOO_MANY_REQUESTS, "taken\n")

    desk = Desk()
    diary = Diary()
    async with (
        server(desk, process_request=admit) as url,
        running(Simulator(url, retries=5, on_event=diary)),
    ):
        await diary.until(Connected("/chat-1-2"))
    assert diary == [
        Refused("/chat", "429 Too Many Requests"),
        Refused("/chat-1", "429 Too Many Requests"),
        Connected("/chat-1-2"),
    ]


async def test_other_refusals_make_it_try_the_same_path_until_its_retries_are_used_up() -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(HTTPStatus.FORBIDDEN, "no\n")

    diary = Diary()
    async with (
        server(Desk(), process_request=refuse) as url,
        running(Simulator(url, retries=1, on_event=diary)) as task,
    ):
        with pytest.raises(AgentGaveUp, match="403 Forbidden"):
            await task
    assert diary == [Refused("/chat", "403 Forbidden")] * 2


async def test_without_retries_an_absent_server_is_not_waited_for() -> None:
    async with server(Desk()) as url:
        pass
    async with running(Simulator(url)) as task:
        with pytest.raises(AgentGaveUp, match="after 0 retries"):
            await task


async def test_a_server_that_starts_later_is_found() -> None:
    desk = Desk()
    diary = Diary()
    async with server(Desk()) as url:
        pass
    port = int(url.split(":")[2].split("/")[0])
    async with running(Simulator(url, retries=100, on_event=diary)):
        await diary.news()
        async with serve(desk, "127.0.0.1", port):
            await diary.until(Connected("/chat"))
            (await desk.arrived.get()).transport.abort()


async def test_disabling_its_remote_part_ends_the_connection_for_good() -> None:
    desk = Desk()
    async with server(desk) as url, running(Simulator(url, retries=5)) as task:
        await (await desk.arrived.get()).send("PLUGIN_DISABLE|Remote\n")
        with pytest.raises(AgentGaveUp, match="PLUGIN_DISABLE"):
            await task


async def test_cancelled_it_closes_without_a_close_frame() -> None:
    desk = Desk()
    async with server(desk) as url:
        async with running(Simulator(url)):
            connection = await desk.arrived.get()
        await connection.wait_closed()
    assert connection.protocol.close_rcvd is None
