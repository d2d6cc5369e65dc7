"""The `[hub]` settings: where the hub listens, whom it lets in, and its limits."""

from typing import Annotated

import msgspec
from msgspec import Meta

from mdxdash.settings.redaction import HIDDEN
from mdxdash.settings.setting import About

Switch = Annotated[bool, Meta(description="true or false")]


class HubSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[hub]` settings. `Meta` limits the values, `About` is what they do."""

    host: Annotated[
        str,
        Meta(pattern=r"\A\S+\Z", description='a host name or address such as "localhost"'),
        About(
            "The address to listen on. `localhost` is both the IPv4 and the IPv6 loopback; "
            "`0.0.0.0` lets in agents from other machines, which then need a secret.",
            option="--host",
            trust="opens",
        ),
    ] = "localhost"
    port: Annotated[
        int,
        Meta(ge=0, le=65535, description="a port from 0 to 65535"),
        About("The TCP port to listen on; 0 takes a free one.", option="--port"),
    ] = 9001
    path: Annotated[
        str,
        Meta(
            pattern=r"\A/[^\s?#]*\Z",
            description='a path that begins with "/", without spaces, "?" and "#"',
        ),
        About(
            "The path that agents dial (`Plugin_Remote_Websocket_Directory`). Paths that go on "
            "with `-`, such as `/chat-1`, are let in too.",
            option="--path",
        ),
    ] = "/chat"
    name: (
        Annotated[
            str,
            Meta(
                pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,31}\Z",
                description='letters, digits, ".", "_" and "-", such as "robot"',
            ),
            About(
                "The name by which other commands find the running hub.",
                option="--name",
                unset="main, else main-2 …",
                example="robot",
            ),
        ]
        | None
    ) = None
    silent_after: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "60s"'),
        About("An agent that answers no ping for so long is shown as silent.", form="duration"),
    ] = 60.0
    linger: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "60s"'),
        About(
            "Time that a hub whose terminal is gone, or whose dashboard has left it, waits for an "
            "agent to connect again.",
            form="duration",
        ),
    ] = 60.0
    keeper: Annotated[
        bool,
        Meta(description="true or false"),
        About(
            "Have a small process hold the agents' connections too, so that they survive the end "
            "of the hub's process, whatever its reason (Linux, without TLS)."
        ),
    ] = True
    queue: Annotated[
        int,
        Meta(ge=1, description="a number of lines, 1 or more"),
        About(
            "Lines that may wait to be sent to one agent; further ones are refused.", unit="lines"
        ),
    ] = 10_000
    allow_origins: Annotated[
        tuple[str, ...],
        Meta(description='a list of origins such as ["http://localhost:3000"]'),
        About(
            "Web pages that may connect, by their origin. Agents send no origin and are let in.",
            trust="opens",
        ),
    ] = ()
    unsafe: Annotated[
        Switch,
        About(
            "Send commands that may harm an agent without asking. What would crash it stays "
            "refused.",
            option="--unsafe",
            trust="sends",
        ),
    ] = False
    secret: (
        Annotated[
            str,
            Meta(
                pattern=r"\A[A-Za-z0-9_-]{16,}\Z",
                description="16 or more letters, digits, - and _, as `mdxdash secret` makes them",
            ),
            About(
                "The last segment of the path, which agents must know: `/chat/SECRET`. "
                "`mdxdash secret --save` makes one.",
                private=True,
                trust="opens",
                example="",
            ),
        ]
        | None
    ) = None
    insecure: Annotated[
        Switch,
        About(
            "Listen without a secret on addresses that other machines can reach.",
            option="--insecure",
            trust="opens",
        ),
    ] = False
    tls_cert: (
        Annotated[
            str,
            Meta(min_length=1, description="a file in PEM format"),
            About(
                "The certificate for `wss://`, with its chain (`mdxdash cert` makes one). Agents "
                "speak TLS on port 443 only.",
                option="--tls-cert",
                trust="opens",
                example="mdxdash-cert.pem",
            ),
        ]
        | None
    ) = None
    tls_key: (
        Annotated[
            str,
            Meta(min_length=1, description="a file in PEM format"),
            About(
                "The private key of the certificate, if it is not in the same file.",
                option="--tls-key",
                trust="opens",
                example="mdxdash-key.pem",
            ),
        ]
        | None
    ) = None
    exclusive: Annotated[
        Switch,
        About(
            "Let in one agent for each path: the next one gets `429 Too Many Requests` and dials "
            "`/chat-1`.",
            option="--exclusive",
        ),
    ] = False
    max_agents: Annotated[
        int,
        Meta(ge=1, description="a number of agents, 1 or more"),
        About("Agents that may be connected at the same time.", unit="agents"),
    ] = 64
    handshake_timeout: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "5s"'),
        About("Time within which an opening handshake must be complete.", form="duration"),
    ] = 5.0
    half_open: Annotated[
        int,
        Meta(ge=1, description="a number of connections, 1 or more"),
        About(
            "Connections that may be in their handshake; the oldest is closed for the next one.",
            unit="connections",
        ),
    ] = 128
    request_bytes: Annotated[
        int,
        Meta(ge=256, description='a size such as "16 KiB"'),
        About("The largest request with its headers; one line has at most 8 KiB.", form="size"),
    ] = 16_384
    frame_bytes: Annotated[
        int,
        Meta(ge=2048, description='a size such as "64 KiB"'),
        About(
            "The largest message, in one frame or several; those of an agent have at most 2,047 "
            "bytes.",
            form="size",
        ),
    ] = 65_536
    frame_timeout: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "10s"'),
        About("Time within which a message that has begun must be complete.", form="duration"),
    ] = 10.0
    unread_bytes: Annotated[
        int,
        Meta(ge=65_536, description='a size such as "1 MiB"'),
        About(
            "Bytes that may wait for a connection that does not read, replies to its pings "
            "included.",
            form="size",
        ),
    ] = 2**20
    relay: (
        Annotated[
            str,
            Meta(
                pattern=r"\Awss?://[^\s/?#]+(/[^\s?#]*)?\Z",
                description='an address such as "ws://localhost:9002/chat", without "?" and "#"',
            ),
            About(
                "Your own server: mdxdash passes everything through between it and each agent. "
                "Without a path it is dialled under the agent's own.",
                form="address",
                option="--relay",
                private=True,  # it may hold a name and password
                trust="forwards",
                example="ws://localhost:9002/chat",
            ),
        ]
        | None
    ) = None
    relay_guard: Annotated[
        Switch,
        About(
            "Repair what your server sends and would harm an agent, or hold it back.",
            option="--relay-guard",
            trust="forwards",
        ),
    ] = False
    relay_bytes: Annotated[
        int,
        Meta(ge=65_536, description='a size such as "16 MiB"'),
        About("Bytes kept of what an agent sends while your server is away.", form="size"),
    ] = 2**24
    tap: Annotated[
        Switch,
        About(
            "Let other programs share the agents, at the path `/tap` (with a secret, behind it).",
            option="--tap",
            trust="opens",
        ),
    ] = False
    tap_read_only: Annotated[
        Switch,
        About("Let programs at the tap, and dashboards attached there, only look."),
    ] = False
    tap_bytes: Annotated[
        int,
        Meta(ge=65_536, description='a size such as "4 MiB"'),
        About("Bytes that may wait for a program at the tap; a slower one is closed.", form="size"),
    ] = 2**22

    @property
    def dial_path(self) -> str:
        """The complete path that agents dial. It holds the secret, so it must not be shown."""
        return self.with_secret(self.path)

    @property
    def shown_path(self) -> str:
        """The path that agents dial, without the secret."""
        return self.hide(self.dial_path)

    @property
    def has_tls(self) -> bool:
        """Whether agents dial `wss://`."""
        return self.tls_cert is not None

    def with_secret(self, path: str) -> str:
        """Returns a path with the secret, if there is one, as its last segment."""
        return path if self.secret is None else f"{path.rstrip('/')}/{self.secret}"

    def hide(self, text: str) -> str:
        """Returns a text with the secret, if there is one, replaced by `***`."""
        return text if self.secret is None else text.replace(self.secret, HIDDEN)

    def __repr__(self) -> str:
        return f"HubSettings({self.host}:{self.port}{self.shown_path})"
