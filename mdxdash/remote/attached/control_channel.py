"""Connects to the control socket of a hub of this user, by the hub's name."""

import asyncio

from mdxdash.remote.attached.line_channel import LineChannel, Opener, StreamChannel
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_socket import NoSuchHub, connect, hub_address


def control_opener(name: str) -> Opener:
    """Returns what connects to the hub of that name, also when another process has become it."""

    async def open_channel() -> LineChannel:
        try:
            # The file is read each time: a hub that was started again has another port and token.
            address = await asyncio.to_thread(hub_address, name)
            connection = await asyncio.to_thread(connect, address)
        except (NoSuchHub, NoControlFolder) as error:
            raise OSError(str(error)) from error
        connection.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=connection)
        return StreamChannel(reader, writer, address.token)

    return open_channel
