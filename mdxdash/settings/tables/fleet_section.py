"""The `[fleet]` settings: the broker to which a hub publishes, and under which name."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mdxdash.settings.setting import About

HUB_NAME_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
"""What a hub may be called at a broker, as a regular expression."""


BROKER_PATTERN: Final = r"\Aamqps?://[^\s?#]+\Z"
"""The address of a broker, as a regular expression."""


class FleetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[fleet]` settings."""

    url: (
        Annotated[
            str,
            Meta(
                pattern=BROKER_PATTERN,
                description='an address such as "amqps://broker.example.org", without "?" and "#"',
            ),
            About(
                "A broker (RabbitMQ): the hub publishes its events there, and takes commands.",
                form="address",
                option="--fleet",
                private=True,  # it may hold a name and password
                trust="forwards",
                example="amqps://broker.example.org",
            ),
        ]
        | None
    ) = None
    name: (
        Annotated[
            str,
            Meta(
                pattern=rf"\A{HUB_NAME_PATTERN}\Z",
                description='letters, digits, ".", "_" and "-", such as "room-3"',
            ),
            About(
                "The name of the hub at the broker, where no other hub has it.",
                unset="--name, else the machine's name",
                example="room-3",
            ),
        ]
        | None
    ) = None
    credentials: (
        Annotated[
            str,
            Meta(min_length=1, description="a file"),
            About(
                "A file with one line, `name:password`, for the broker.",
                trust="forwards",
                example="~/.mdxdash-broker",
            ),
        ]
        | None
    ) = None
    tls_ca: (
        Annotated[
            str,
            Meta(min_length=1, description="a file in PEM format"),
            About(
                "The certificate of a broker (`amqps://`) that the system does not know.",
                trust="forwards",
                example="broker-ca.pem",
            ),
        ]
        | None
    ) = None
    interval: Annotated[
        float,
        Meta(gt=0, description='a duration above 0, such as "20ms"'),
        About(
            "Time that an event waits for others: longer ones make fewer messages, which is what "
            "many hubs cost a broker.",
            form="duration",
        ),
    ] = 0.02
    buffer: Annotated[
        int,
        Meta(ge=2**20, description='a size such as "16 MiB"'),
        About(
            "Memory for events while the broker is away; the oldest are dropped, and counted.",
            form="size",
        ),
    ] = 2**24

    def __repr__(self) -> str:
        return f"FleetSettings({self.name})"  # without the address
