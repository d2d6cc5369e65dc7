"""Opens a connection to a broker (RabbitMQ) by aio-pika, and says in words what goes wrong."""

import asyncio
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.settings.extras import install_hint

if TYPE_CHECKING:
    from aio_pika.abc import AbstractConnection

CONNECT_WITHIN: Final = 10.0
"""Seconds for the connection and what is declared on it."""

RETRY_DELAYS: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each further attempt to connect; the last one for all after it."""

HEARTBEAT: Final = 5
"""Seconds between signs of life: a broker that is away without a word is noticed after 15."""


class BrokerError(OSError):
    """The broker is not there, or refuses something; the text is for people."""


class NotLetIn(BrokerError):
    """The broker does not know the user, or the password is wrong."""


class NameInUse(BrokerError):
    """Another hub of this name is connected to the broker."""


class NotThere(Exception):
    """The hub that a command is for is not connected to the broker."""


async def connect(address: BrokerAddress, name: str) -> "AbstractConnection":
    """Connects. `name` is shown in the broker's own list of connections. Raises errors of aio-pika,
    which `explained` makes sentences of."""
    import aio_pika  # noqa: PLC0415

    # It logs what it raises, too.
    for logger in ("aio_pika", "aiormq"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    tls: dict[str, Any] = {}
    if address.tls:
        tls["ssl_context"] = await asyncio.to_thread(
            ssl.create_default_context, cafile=address.tls_ca or None
        )
    connection: AbstractConnection = await aio_pika.connect(
        host=address.host,
        port=address.port,
        login=address.login,
        password=address.password if address.user else "guest",
        virtualhost=address.vhost,
        ssl=address.tls,
        timeout=CONNECT_WITHIN,
        heartbeat=HEARTBEAT,
        client_properties={"connection_name": name},
        **tls,
    )
    return connection


@contextmanager
def explaining(address: BrokerAddress) -> Iterator[None]:
    """Raises errors of aio-pika that leave the block as `BrokerError`. Among them is
    `CancelledError`: aiormq cancels what waits for a broker that gives no sign of life; where the
    task itself is cancelled, it stays what it is."""
    try:
        yield
    except (BrokerError, NotThere):
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise explained(error, address) from None
    except Exception as error:
        raise explained(error, address) from None


def explained(error: BaseException, address: BrokerAddress) -> BrokerError:
    """Returns an error of aio-pika as a sentence without credentials."""
    text = _explanation(error, address)
    return NotLetIn(text) if _is_login(error) else BrokerError(text)


def _explanation(error: BaseException, address: BrokerAddress) -> str:
    text = address.hide(str(error))
    user, where = address.login, address.shown
    if isinstance(error, TimeoutError):
        return N_("{where} does not answer within {seconds:.0f} s").format(
            where=where, seconds=CONNECT_WITHIN
        )
    if isinstance(error, asyncio.CancelledError):
        # aio-pika ends its own tasks when there was no sign of life.
        return N_("{where} gives no sign of life").format(where=where)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{where}: {error.verify_message}"
    if isinstance(error, ImportError):
        return N_("aio-pika is not installed: {install}").format(install=install_hint("fleet"))
    if _is_login(error):
        return N_("{where} does not let {user} in: wrong name or password").format(
            where=where, user=user
        )
    if "ACCESS_REFUSED" in text or "access refused" in text.lower() or "refused for user" in text:
        return N_("the broker refuses: the user {user} has no permission for that ({text})").format(
            user=user, text=_reason(text)
        )
    if "Connection.OpenOk" in text or "NOT_ALLOWED" in text:
        # What aio-pika gets instead of an answer to the opening of a virtual host.
        return N_("{where}: there is no such virtual host, or {user} may not use it").format(
            where=where, user=user
        )
    if "NOT_FOUND" in text and "exchange" in text:
        return N_("no hub has ever published at {where}").format(where=where)
    if "NOT_FOUND" in text:
        return f"{where}: {_reason(text)}"
    if isinstance(error, OSError):
        reason = _os_reason(error, address.hide(error.strerror or text))
        return N_("{where} cannot be reached: {error}").format(where=where, error=reason)
    return f"{where}: {_reason(text) or type(error).__name__}"


def _os_reason(error: OSError, text: str) -> str:
    """Returns why there is no connection. `text`: that of the error, without the password."""
    # aio-pika's own errors repeat Python's as their text.
    if "reset" in str(error).lower():
        return N_("the connection was broken")
    if "Connect call failed" in str(error):
        return N_("nothing listens there")
    if isinstance(error, ssl.SSLError):
        return N_("there is no TLS (amqps:// expects a port of its own)")
    return _reason(text) or N_("no connection")


def _is_login(error: BaseException) -> bool:
    text = str(error)
    return "ACCESS_REFUSED" in text and "login" in text.lower()


def _reason(text: str) -> str:
    """Returns what the broker said, as one line of a reasonable length."""
    return " ".join(text.split())[:200]
