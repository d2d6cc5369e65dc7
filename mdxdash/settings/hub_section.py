"""What a hub is told before it starts: where it waits, and how much it bears."""

from typing import Annotated

import msgspec
from msgspec import Meta

from mdxdash.settings.redaction import HIDDEN


class HubSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[hub]` settings. Each field's description says in words what it takes."""

    host: Annotated[
        str,
        Meta(pattern=r"\A\S+\Z", description='a host name or address such as "localhost"'),
    ] = "localhost"
    """The address to listen on; `localhost` is both the IPv4 and the IPv6 loopback."""
    port: Annotated[int, Meta(ge=0, le=65535, description="a port from 0 to 65535")] = 9001
    """The TCP port; 0 takes a free one."""
    path: Annotated[
        str,
        Meta(
            pattern=r"\A/[^\s?#]*\Z",
            description='a path that begins with "/", without spaces, "?" and "#"',
        ),
    ] = "/chat"
    """The path that agents dial, their `Plugin_Remote_Websocket_Directory`. What goes on after it
    with `-` is let in too: an agent that is told `/chat` is taken goes on to `/chat-1`."""
    silent_after: Annotated[float, Meta(gt=0, description='a duration above 0, such as "60s"')] = (
        60.0
    )
    """Seconds without an answer to a ping after which an agent is shown as silent."""
    linger: Annotated[float, Meta(gt=0, description='a duration above 0, such as "60s"')] = 60.0
    """Seconds that a hub whose terminal is gone waits for an agent to connect again."""
    queue: Annotated[int, Meta(ge=1, description="a number of lines, 1 or more")] = 10_000
    """Lines that may wait for one agent; what comes on top is refused."""
    allow_origins: Annotated[
        tuple[str, ...],
        Meta(description='a list of origins such as ["http://localhost:3000"]'),
    ] = ()
    """Web pages that may connect; an agent sends no `Origin`, and is always let in."""
    unsafe: Annotated[bool, Meta(description="true or false")] = False
    """Send also what is otherwise asked about first. What is refused stays refused."""
    secret: (
        Annotated[
            str,
            Meta(
                pattern=r"\A[A-Za-z0-9_-]{16,}\Z",
                description="16 or more letters, digits, - and _, as `mdxdash secret` makes them",
            ),
        ]
        | None
    ) = None
    """A last segment of the path that an agent must know: `/chat/<secret>`. Never shown in full."""
    insecure: Annotated[bool, Meta(description="true or false")] = False
    """Listen on other addresses than loopback also without a secret."""
    tls_cert: Annotated[str, Meta(min_length=1, description="a file in PEM format")] | None = None
    """The certificate for `wss://`, with its chain; an agent speaks TLS at port 443 only."""
    tls_key: Annotated[str, Meta(min_length=1, description="a file in PEM format")] | None = None
    """The certificate's private key, if it is not in the same file."""
    exclusive: Annotated[bool, Meta(description="true or false")] = False
    """One agent a path: the next is told `429 Too Many Requests`, and goes on to `/chat-1`."""
    max_agents: Annotated[int, Meta(ge=1, description="a number of agents, 1 or more")] = 64
    """Agents that may be connected at the same time."""
    handshake_timeout: Annotated[
        float, Meta(gt=0, description='a duration above 0, such as "5s"')
    ] = 5.0
    """Seconds for an opening handshake."""
    half_open: Annotated[int, Meta(ge=1, description="a number of connections, 1 or more")] = 128
    """Connections that may be in their handshake; the oldest makes room for the next."""
    request_bytes: Annotated[int, Meta(ge=256, description='a size such as "16 KiB"')] = 16_384
    """The largest request with its headers; a line of it has at most 8 KiB."""
    frame_bytes: Annotated[int, Meta(ge=2048, description='a size such as "64 KiB"')] = 65_536
    """The largest message, in one frame or several; an agent's own end at 2,047 bytes."""
    frame_timeout: Annotated[float, Meta(gt=0, description='a duration above 0, such as "10s"')] = (
        10.0
    )
    """Seconds within which a message that has begun must be there."""
    unread_bytes: Annotated[int, Meta(ge=65_536, description='a size such as "1 MiB"')] = 2**20
    """Bytes that may wait for a connection that does not read, answers to its pings among them."""
    relay: (
        Annotated[
            str,
            Meta(
                pattern=r"\Awss?://[^\s/?#]+(/[^\s?#]*)?\Z",
                description='an address such as "ws://localhost:9002/chat", without "?" and "#"',
            ),
        ]
        | None
    ) = None
    """The user's own server: mdxdash passes everything through between it and each agent. Without
    a path, it is dialled under the agent's own (a secret is never passed on). It may hold a name
    and password, so it is shown only as `relay_address.shown_address` has it."""
    relay_guard: Annotated[bool, Meta(description="true or false")] = False
    """Repair, or hold back, what comes from the server and would harm an agent."""
    relay_bytes: Annotated[int, Meta(ge=65_536, description='a size such as "16 MiB"')] = 2**24
    """Bytes kept of what an agent says while the server is away."""
    tap: Annotated[bool, Meta(description="true or false")] = False
    """Let other programs share the agents, at the path `/tap`, with the secret behind it."""
    tap_bytes: Annotated[int, Meta(ge=65_536, description='a size such as "4 MiB"')] = 2**22
    """Bytes that may wait for a program at the tap; one that is slower is dropped."""

    @property
    def dial_path(self) -> str:
        """The path that agents dial, in full: for who dials, never for who looks."""
        return self.with_secret(self.path)

    @property
    def shown_path(self) -> str:
        """The path that agents dial, as it may be shown."""
        return self.hide(self.dial_path)

    @property
    def has_tls(self) -> bool:
        """Whether agents dial `wss://`."""
        return self.tls_cert is not None

    def with_secret(self, path: str) -> str:
        """A path as it must be dialled."""
        return path if self.secret is None else f"{path.rstrip('/')}/{self.secret}"

    def hide(self, text: str) -> str:
        """A text in which the secret, if there is one, can no longer be read."""
        return text if self.secret is None else text.replace(self.secret, HIDDEN)

    def __repr__(self) -> str:
        return f"HubSettings({self.host}:{self.port}{self.shown_path})"
