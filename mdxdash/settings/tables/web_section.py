"""The `[web]` settings: where the dashboard is served to browsers, and who may open it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from mdxdash.settings.setting import About


class WebSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[web]` settings, for `mdxdash web`."""

    host: Annotated[
        str,
        Meta(pattern=r"\A\S+\Z", description='a host name or address such as "localhost"'),
        About(
            "The address on which `mdxdash web` listens; browsers beyond this machine need a "
            "secret.",
            option="--host",
            trust="opens",
        ),
    ] = "localhost"
    port: Annotated[
        int,
        Meta(ge=0, le=65535, description="a port from 0 to 65535"),
        About("The TCP port of `mdxdash web`; 0 takes a free one.", option="--port"),
    ] = 8000
    names: Annotated[
        tuple[str, ...],
        Meta(description='a list of host names such as ["dash.example.org"]'),
        About(
            "Further names by which browsers reach this machine; addresses and its own name "
            "always work.",
            trust="opens",
        ),
    ] = ()
    secret: (
        Annotated[
            str,
            Meta(
                pattern=r"\A[A-Za-z0-9_-]{16,}\Z",
                description="16 or more letters, digits, - and _, as `mdxdash secret` makes them",
            ),
            About(
                "The path that a browser opens first: `http://HOST:8000/SECRET`. Not the secret of "
                "the agents.",
                private=True,
                trust="opens",
                example="",
            ),
        ]
        | None
    ) = None
    tls_cert: (
        Annotated[
            str,
            Meta(min_length=1, description="a file in PEM format"),
            About(
                "The certificate for `https://`, with its chain.",
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
                "The private key of that certificate, if it is not in the same file.",
                option="--tls-key",
                trust="opens",
                example="mdxdash-key.pem",
            ),
        ]
        | None
    ) = None

    def __repr__(self) -> str:
        return f"WebSettings({self.host}:{self.port})"  # without the secret
