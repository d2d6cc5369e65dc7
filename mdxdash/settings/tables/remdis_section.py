"""The `[remdis]` settings: the broker of Remdis, to which a hub listens."""

from typing import Annotated

import msgspec
from msgspec import Meta

from mdxdash.settings.setting import About
from mdxdash.settings.tables.fleet_section import BROKER_PATTERN


class RemdisSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[remdis]` settings."""

    url: (
        Annotated[
            str,
            Meta(
                pattern=BROKER_PATTERN,
                description='an address such as "amqp://localhost", without "?" and "#"',
            ),
            About(
                "The broker (RabbitMQ) of Remdis: the hub makes events of what its modules say, as "
                "`mdxdash remdis --into HUB` does.",
                form="address",
                private=True,  # it may hold a name and password
                trust="forwards",
                example="amqp://localhost",
            ),
        ]
        | None
    ) = None
    credentials: (
        Annotated[
            str,
            Meta(min_length=1, description="a file"),
            About(
                "A file with one line, `name:password`, for that broker.",
                trust="forwards",
                example="~/.remdis-broker",
            ),
        ]
        | None
    ) = None
    tls_ca: (
        Annotated[
            str,
            Meta(min_length=1, description="a file in PEM format"),
            About(
                "The certificate of that broker (`amqps://`), where the system does not know it.",
                trust="forwards",
                example="broker-ca.pem",
            ),
        ]
        | None
    ) = None

    def __repr__(self) -> str:
        return "RemdisSettings()"  # without the address
