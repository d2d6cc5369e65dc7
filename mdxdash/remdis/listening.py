"""Listens to the exchanges of Remdis by aio-pika, and puts a unit in when that is asked for.

Listening declares nothing but queues of its own, which end with it: what Remdis and the agents have
stays as it is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.broker_address import BrokerAddress, read_again
from mdxdash.remote.fleet.broker_connection import (
    CONNECT_WITHIN,
    BrokerError,
    NotLetIn,
    connect,
    explaining,
)

if TYPE_CHECKING:
    from aio_pika.abc import AbstractConnection, AbstractIncomingMessage

RETRY_INTERVAL: Final = 2.0
"""Seconds between two attempts to connect, and between two looks for exchanges that are not there
yet: they come with the first module of Remdis that uses them."""

_QUEUE_LENGTH: Final = 10_000
"""Units that wait here; the broker drops the oldest."""

_SAID: Final = 20
"""Problems that are said until there is a connection again."""

_NAME: Final = "mdxdash remdis"

Take = Callable[[str, bytes], None]
"""Takes a message: its exchange and its body. Raises nothing: aio-pika would only log it."""


Report = Callable[[bool, str], None]
"""Gets a sentence, and whether it is about a fault."""


async def listen(
    address: BrokerAddress, exchanges: Sequence[str], take: Take, report: Report
) -> None:
    """Listens until it is cancelled, and connects again when the connection ends. `report` gets
    what is listened to, and as a fault why there is no connection, each once."""
    said: set[str] = set()

    def listening(there: Sequence[str], missing: Sequence[str]) -> None:
        text = N_("listens at {shown}: {there}").format(
            shown=address.shown, there=", ".join(there) or "-"
        )
        if missing:
            text = N_("{text}; not there yet: {missing}").format(
                text=text, missing=", ".join(missing)
            )
        report(False, text)
        said.clear()

    while True:
        try:
            with explaining(address):
                await _listen_once(address, exchanges, take, listening)
            problem = N_("{shown} has ended the connection").format(shown=address.shown)
        except BrokerError as error:
            problem = str(error)
            if isinstance(error, NotLetIn):
                address = await asyncio.to_thread(read_again, address)
        if problem not in said and len(said) < _SAID:
            said.add(problem)
            report(True, N_("{problem}; it is tried again").format(problem=problem))
        await asyncio.sleep(RETRY_INTERVAL)


async def put(address: BrokerAddress, exchange: str, body: bytes) -> None:
    """Puts a unit into an exchange that is there. Raises `BrokerError`."""
    from aio_pika import Message  # noqa: PLC0415  only who has a broker needs it
    from aio_pika.exceptions import ChannelNotFoundEntity  # noqa: PLC0415

    async with (
        _limited(address),
        await connect(address, _NAME) as connection,
        connection.channel() as channel,
    ):
        try:
            found = await channel.get_exchange(exchange)
        except ChannelNotFoundEntity:
            text = N_("{shown} has no exchange {exchange}")
            text = text.format(shown=address.shown, exchange=exchange)
            raise BrokerError(text) from None
        await found.publish(Message(body), "", mandatory=False)


@asynccontextmanager
async def _limited(address: BrokerAddress) -> AsyncIterator[None]:
    """Raises `BrokerError`, also where a broker without memory just takes nothing."""
    with explaining(address):
        async with asyncio.timeout(CONNECT_WITHIN):
            yield


async def _listen_once(
    address: BrokerAddress,
    exchanges: Sequence[str],
    take: Take,
    listening: Callable[[Sequence[str], Sequence[str]], None],
) -> None:
    """Listens until the connection ends. `listening` gets the exchanges that are listened to and
    those that are not there, when they change. Raises errors of aio-pika."""
    ended = asyncio.Event()
    missing = list(exchanges)
    told: list[str] | None = None
    async with await connect(address, _NAME) as connection:
        connection.close_callbacks.add(lambda sender, error=None: ended.set())
        while not ended.is_set():
            async with asyncio.timeout(CONNECT_WITHIN):
                missing = [name for name in missing if not await _bind(connection, name, take)]
            if missing != told:
                told = missing
                listening([name for name in exchanges if name not in missing], missing)
            pause = RETRY_INTERVAL if missing else None
            try:
                async with asyncio.timeout(pause):
                    await ended.wait()
            except TimeoutError:
                continue


async def _bind(connection: "AbstractConnection", exchange: str, take: Take) -> bool:
    """Reads an exchange from now on; returns whether it is there."""
    from aio_pika.exceptions import ChannelNotFoundEntity  # noqa: PLC0415

    # A channel is closed where an exchange is not there, so each has one of its own.
    channel = await connection.channel(publisher_confirms=False)
    try:
        found = await channel.get_exchange(exchange)
    except ChannelNotFoundEntity:
        return False
    queue = await channel.declare_queue(
        exclusive=True, auto_delete=True, arguments={"x-max-length": _QUEUE_LENGTH}
    )
    await queue.bind(found, "")

    async def take_next(message: "AbstractIncomingMessage") -> None:
        take(exchange, message.body)

    await queue.consume(take_next, no_ack=True)
    return True
