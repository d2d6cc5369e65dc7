"""Events as JSON Lines: the one form in which they are recorded, exported and printed.

The keys are the field names of `Event`; fields with their default are left out.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from mdxdash.events.event import Event

EVENT_START: Final = b'{"seq":'
"""How the line of an event begins, and no other line of a recording or of the protocol."""

_encoder: Final = msgspec.json.Encoder()


def json_line(event: Event) -> bytes:
    """Encodes an event as one line of JSON in UTF-8, newline included."""
    try:
        return _encoder.encode(event) + b"\n"
    except UnicodeEncodeError:
        return json_lines((event,))


def json_lines(events: Sequence[Event]) -> bytes:
    """Encodes events as lines of JSON in UTF-8, each with its newline.

    Half of a surrogate pair has no UTF-8 form (RFC 3629, section 3), and an error text of the
    system may hold one. It is written as its escape (`\\ud800`), so that it costs no other event.
    """
    try:
        return _encoder.encode_lines(events)
    except UnicodeEncodeError:
        return _encoder.encode_lines([_without_surrogates(event) for event in events])


def _without_surrogates(event: Event) -> Event:
    texts = {
        name: value.encode("utf-8", "backslashreplace").decode()
        for name, value in msgspec.structs.asdict(event).items()
        if isinstance(value, str)
    }
    return msgspec.structs.replace(event, **texts)
