"""Listens to the exchanges of Remdis by aio-pika, and puts a unit in when that is asked for.

Listening declares nothing but queues of its own, which end with it: what Remdis and the agents have
stays as it is.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_connection import (
    CONNECT_WITHIN,
    BrokerError,
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

_NAME: Final = "mdxdash remdis"

Take = Callable[[str, bytes], None]
"""Takes a message: its exchange and its body. Raises nothing: aio-pika would only log it."""


async def listen(
    address: BrokerAddress, exchanges: Sequence[str], take: Take, report: Callable[[str], None]
) -> None:
    """Listens until it is cancelled, and connects again when the connection ends. `report` gets a
    sentence when there is no connection, each once."""
    said = ""
    while True:
        try:
            with explaining(address):
                await _listen_once(address, exchanges, take)
            problem = N_("{shown} has ended the connection").format(shown=address.shown)
        except BrokerError as error:
            problem = str(error)
        if problem != said:
            said = problem
            report(N_("{problem}; it is tried again").format(problem=problem))
        await asyncio.sleep(RETRY_INTERVAL)


async def put(address: BrokerAddress, exchange: str, body: bytes) -> None:
    """Puts a unit into an exchange that is there. Raises `BrokerError`."""
    from aio_pika import Message  # noqa: PLC0415  only who has a broker needs it
    from aio_pika.exceptions import ChannelNotFoundEntity  # noqa: PLC0415

    with explaining(address):
        async with await connect(address, _NAME) as connection, connection.channel() as channel:
            try:
                found = await channel.get_exchange(exchange)
            except ChannelNotFoundEntity:
                text = N_("{shown} has no exchange {exchange}")
                text = text.format(shown=address.shown, exchange=exchange)
                raise BrokerError(text) from None
            await found.publish(Message(body), "", mandatory=False)


async def _listen_once(address: BrokerAddress, exchanges: Sequence[str], take: Take) -> None:
    """Listens until the connection ends. Raises errors of aio-pika."""
    ended = asyncio.Event()
    missing = list(exchanges)
    async with await connect(address, _NAME) as connection:
        connection.close_callbacks.add(lambda sender, error=None: ended.set())
        while not ended.is_set():
            async with asyncio.timeout(CONNECT_WITHIN):
                missing = [name for name in missing if not await _bind(connection, name, take)]
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
