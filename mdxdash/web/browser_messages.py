"""What a browser sends over its WebSocket: keys, its size, focus. Everything else is refused.

The script of textual-serve 1.1 in the page writes these messages (`static/js/textual.js`): a JSON
list of a name and a value.
"""

import json
from typing import Annotated, Final

import msgspec
from msgspec import Meta

MESSAGE_BYTES: Final = 256 * 1024
"""The largest message in bytes; a pasted text is one."""


class Typed(msgspec.Struct, frozen=True, array_like=True, tag="stdin"):
    """Keys, mouse events and pasted text, as a terminal sends them."""

    text: str


class Size(msgspec.Struct, frozen=True):
    """The size of the terminal, in cells."""

    width: Annotated[int, Meta(ge=1, le=1000)]
    height: Annotated[int, Meta(ge=1, le=500)]


class Resized(msgspec.Struct, frozen=True, array_like=True, tag="resize"):
    """The browser's window has another size."""

    size: Size


class Focused(msgspec.Struct, frozen=True, array_like=True, tag="focus"):
    """The terminal got the focus."""


class Blurred(msgspec.Struct, frozen=True, array_like=True, tag="blur"):
    """The terminal has lost the focus."""


class Ping(msgspec.Struct, frozen=True, array_like=True, tag="ping"):
    """A question that is answered with `["pong", at]`."""

    at: Annotated[str, Meta(max_length=40)]


Message = Typed | Resized | Focused | Blurred | Ping

_decoder: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)


def read_message(text: str) -> Message:
    """Reads a message of a browser. Raises `ValueError` for anything else."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:  # too many lists in lists
        raise ValueError(str(error)) from error


def packets(message: Message) -> bytes:
    """Returns what a dashboard that runs with Textual's web driver reads on its standard input: a
    packet of a letter, the length of the content as four bytes, and the content; empty for a
    message that is not for it."""
    match message:
        case Typed(text):
            return _packet(b"D", text.encode("utf-8", "ignore"))
        case Resized(size):
            about = {"type": "resize", "width": size.width, "height": size.height}
            return _packet(b"M", json.dumps(about).encode())
        case Focused() | Blurred() | Ping():
            # The dashboard keeps its focus: on a tablet it is looked at without the keyboard.
            return b""


QUIT: Final = b'M\x00\x00\x00\x10{"type": "quit"}'
"""The packet that ends a dashboard."""


def _packet(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content
