"""Finds where an agent's frames go on when bytes before are missing. Pure: no I/O, no clock."""

from typing import Final

from mdxdash.wire.decoding import AGENT_FRAME_BYTES
from mdxdash.wire.frame_splitting import Unmask

_FINAL_TEXT: Final = 0x81
_MASKED: Final = 0x80
_LONG: Final = 0xFE
"""The second byte of a masked frame whose length follows in two bytes."""

_LONGEST: Final = AGENT_FRAME_BYTES + 8


def find_line(data: bytes, unmask: Unmask) -> tuple[int, bool]:
    """Finds the first masked text frame that holds one whole line, as an agent sends it.

    Returns where it begins and true; or, if there is none, where the search must go on when more
    has come, and false.
    """
    unfinished = len(data)
    at = data.find(_FINAL_TEXT)
    while at >= 0:
        payload = _payload(data, at, unmask)
        if payload is None:
            # It may also be no frame at all, with whole ones behind it.
            unfinished = min(unfinished, at)
        elif _is_line(payload):
            return at, True
        at = data.find(_FINAL_TEXT, at + 1)
    return unfinished, False


def _payload(data: bytes, at: int, unmask: Unmask) -> bytes | None:
    """Returns the payload of the frame that may begin there; empty if it is none of an agent; None
    if it is not all there."""
    head = data[at : at + 4]
    if len(head) < 2:
        return None
    length, start = head[1] - _MASKED, at + 6
    if head[1] == _LONG:
        if len(head) < 4:
            return None
        length, start = int.from_bytes(head[2:]), at + 8
    if not 0 < length <= _LONGEST or head[1] == 0xFF:
        return b""
    end = start + length
    return None if end > len(data) else unmask(data[start:end], data[start - 4 : start])


def _is_line(payload: bytes) -> bool:
    """Returns whether a payload is one line: a type in ASCII, text in UTF-8, a newline."""
    if payload.find(b"\n") != len(payload) - 1 or b"\0" in payload:
        return False
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return False
    type_ = text.rstrip("\n").partition("|")[0]
    return bool(type_) and type_.isascii() and type_.isprintable()
