"""The connection to a broker (RabbitMQ), by aio-pika: all input and output of the fleet.

A connection is opened once and not mended: whoever uses it opens another one when it has ended, and
then knows what the broker may have lost.
"""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.addressing import (
    ALL_STATES,
    ANSWERS,
    COMMANDS,
    EVENTS,
    HISTORY,
    WATCH_PREFIX,
    hub_queue,
    word,
)
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_connection import (
    CONNECT_WITHIN,
    BrokerError,
    NameInUse,
    NotThere,
    connect,
    explained,
    explaining,
)

if TYPE_CHECKING:
    from aio_pika.abc import (
        AbstractChannel,
        AbstractConnection,
        AbstractExchange,
        AbstractIncomingMessage,
        AbstractQueue,
    )

HISTORY_BYTES: Final = 2**30
HISTORY_AGE: Final = "2D"
"""What the stream queue keeps, at most: RabbitMQ removes the oldest."""

_WATCH_LENGTH: Final = 100_000
"""Batches that wait for a dashboard that reads slowly; the broker drops the oldest."""

_COMMANDS_WAIT: Final = 1_000
"""Commands that wait for a hub; who sends more is told so by the broker."""

_STREAM_AT_ONCE: Final = 500
"""Messages of the stream queue that are on their way to a dashboard."""

Take = Callable[[bytes, str, str], None]
"""Takes a message: its body, the user who sent it as far as the broker has checked it, and its
routing key."""


class Broker:
    """A connection with one channel. Use it as an asynchronous context manager; entering it raises
    `BrokerError`."""

    def __init__(self, address: BrokerAddress, name: str) -> None:
        """`name` is shown in the broker's own list of connections."""
        self._address = address
        self._name = name
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel
        self._exchanges: dict[str, AbstractExchange] = {}
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        try:
            with explaining(self._address):
                async with asyncio.timeout(CONNECT_WITHIN):
                    self._connection = await connect(self._address, self._name)
                    self._connection.close_callbacks.add(self._closed)
                    self._channel = await self._connection.channel(on_return_raises=True)
                    self._channel.close_callbacks.add(self._closed)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._connection is not None:
            with suppress(BrokerError), explaining(self._address):
                async with asyncio.timeout(1.0):
                    await self._connection.close()
        if not self._ended.done():
            self._ended.cancel()

    @property
    def user(self) -> str:
        """The user of the broker."""
        return self._address.login

    async def ended(self) -> str:
        """Waits until the connection has ended; returns why, for people."""
        return await asyncio.shield(self._ended)

    async def serve_hub(self, hub: str, take: Take) -> None:
        """Declares what a hub needs, and gives each command for it to `take`. Raises `NameInUse`,
        `BrokerError`."""
        from aio_pika import ExchangeType  # noqa: PLC0415  only who has a broker needs it

        with explaining(self._address):
            async with asyncio.timeout(CONNECT_WITHIN):
                for name, kind in (
                    (EVENTS, ExchangeType.TOPIC),
                    (COMMANDS, ExchangeType.DIRECT),
                    (ANSWERS, ExchangeType.DIRECT),
                ):
                    self._exchanges[name] = await self._channel.declare_exchange(
                        name, kind, durable=True
                    )
                history = await self._channel.declare_queue(
                    HISTORY,
                    durable=True,
                    arguments={
                        "x-queue-type": "stream",
                        "x-max-length-bytes": HISTORY_BYTES,
                        "x-max-age": HISTORY_AGE,
                    },
                )
                await history.bind(self._exchanges[EVENTS], "#")
                queue = await self._own_queue(hub)
                await queue.bind(self._exchanges[COMMANDS], word(hub))
                await queue.consume(_taker(take), no_ack=True)

    async def _own_queue(self, hub: str) -> "AbstractQueue":
        """Returns the queue from which a hub takes commands. Raises `NameInUse` and errors of
        aio-pika."""
        arguments: dict[str, Any] = {
            "x-max-length": _COMMANDS_WAIT,
            "x-overflow": "reject-publish",
        }
        try:
            return await self._channel.declare_queue(
                hub_queue(hub), exclusive=True, arguments=arguments
            )
        except Exception as error:
            if "RESOURCE_LOCKED" not in str(error):
                raise
            # Also where somebody has made a queue of that name that is not exclusive.
            text = N_("another hub publishes under the name {hub} (it has the queue {queue})")
            raise NameInUse(text.format(hub=hub, queue=hub_queue(hub))) from None

    async def watch(
        self,
        keys: Sequence[str],
        take: Take,
        *,
        since: float | None = None,
        take_now: Take | None = None,
    ) -> str:
        """Gives what hubs publish under these routing keys, and answers to commands, to `take`.

        * `since`: seconds before now from which on the stream queue is read, with all keys; what
          is published from now on comes behind it.
        * `take_now`: with `since`, gets what hubs say of themselves at once, too.

        Returns where answers are to go. Raises `BrokerError`.
        """
        name = f"{WATCH_PREFIX}{uuid.uuid4().hex}"
        with explaining(self._address):
            async with asyncio.timeout(CONNECT_WITHIN):
                for exchange in (EVENTS, ANSWERS):
                    self._exchanges[exchange] = await self._channel.get_exchange(exchange)
                queue = await self._channel.declare_queue(
                    name, exclusive=True, arguments={"x-max-length": _WATCH_LENGTH}
                )
                await queue.bind(self._exchanges[ANSWERS], name)
                for key in keys if since is None else ():
                    await queue.bind(self._exchanges[EVENTS], key)
                if since is not None and take_now is not None:
                    states = await self._channel.declare_queue(
                        f"{name}.states", exclusive=True, arguments={"x-max-length": 1000}
                    )
                    await states.bind(self._exchanges[EVENTS], ALL_STATES)
                    await states.consume(_taker(take_now), no_ack=True)
                await queue.consume(_taker(take), no_ack=True)
                if since is not None:
                    # Last: it comes at once, before anybody is told that there is a connection.
                    await self._read_history(take, since)
        return name

    async def publish(self, exchange: str, key: str, body: bytes) -> None:
        """Publishes a message, and waits until the broker has confirmed it. Raises
        `BrokerError`."""
        from aio_pika import Message  # noqa: PLC0415

        with explaining(self._address):
            message = Message(body, user_id=self._address.login)
            await self._exchanges[exchange].publish(message, key, mandatory=False)

    async def command(self, hub: str, body: bytes, expires_after: float) -> None:
        """Hands a command to a hub. Raises `NotThere`, `BrokerError`.

        * `expires_after`: seconds after which the broker drops it.
        """
        from aio_pika import Message  # noqa: PLC0415
        from aio_pika.exceptions import DeliveryError, PublishError  # noqa: PLC0415

        assert self._connection is not None
        message = Message(body, user_id=self._address.login, expiration=expires_after)
        with explaining(self._address):
            # Where it is refused, its channel is closed, which must not be the one that watches.
            async with self._connection.channel(on_return_raises=True) as channel:
                commands = await channel.get_exchange(COMMANDS)
                try:
                    await commands.publish(message, word(hub), mandatory=True)
                except PublishError:
                    raise NotThere(hub) from None
                except DeliveryError:
                    text = N_("too many commands wait for the hub already")
                    raise BrokerError(text) from None

    async def _read_history(self, take: Take, since: float) -> None:
        """Reads the stream queue on a channel of its own, since it must be acknowledged."""
        assert self._connection is not None
        channel = await self._connection.channel(publisher_confirms=False)
        channel.close_callbacks.add(self._closed)
        await channel.set_qos(prefetch_count=_STREAM_AT_ONCE)
        history: AbstractQueue = await channel.get_queue(HISTORY)

        async def take_next(message: "AbstractIncomingMessage") -> None:
            take(message.body, message.user_id or "", message.routing_key or "")
            with suppress(Exception):  # the connection has ended meanwhile
                await message.ack()

        # RabbitMQ takes an interval such as "600s" (Streams, "Consuming").
        offset = f"{max(1, round(since))}s"
        await history.consume(take_next, arguments={"x-stream-offset": offset})

    def _closed(self, sender: object, error: BaseException | None = None) -> None:
        if not self._ended.done():
            reason = N_("the connection was closed")
            if error is not None:
                reason = str(explained(error, self._address))
            self._ended.set_result(reason)


def _taker(take: Take) -> "Callable[[AbstractIncomingMessage], Any]":
    async def take_next(message: "AbstractIncomingMessage") -> None:
        take(message.body, message.user_id or "", message.routing_key or "")

    return take_next
