"""Imports HAR files (HTTP Archive 1.2) in which a browser kept the messages of WebSockets.

Chrome, Edge and Playwright write them into each entry as `_webSocketMessages`: `type` (`send` or
`receive`), `time` (Unix time in seconds), `opcode` (RFC 6455, section 5.2: 1 text, 2 binary) and
`data` (binary data in base64). The page in the browser stands where mdxdash does: what it received
came from the agent, what it sent went to it. The agent's name is the first part of the address's
path, as in `ws://localhost:9001/chat`.

A HAR file is one JSON document, so it is read whole.
"""

import base64
import binascii
import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from mdxdash.events.event import Event, UnixTime
from mdxdash.language.translation import N_
from mdxdash.recordings.importing.input_format import UNREADABLE
from mdxdash.recordings.importing.message_events import frame_events, sent_event

HAR_MAX: Final = 256 * 2**20
"""The largest HAR file in bytes that is read."""

_HAR_START: Final = re.compile(rb'\s*\{\s*"log"\s*:\s*\{')


class _Request(msgspec.Struct, frozen=True, gc=False):
    url: str = ""


class _Entry(msgspec.Struct, frozen=True, gc=False):
    request: _Request = _Request()
    messages: list[msgspec.Raw] = msgspec.field(
        name="_webSocketMessages", default_factory=list[msgspec.Raw]
    )


class _Log(msgspec.Struct, frozen=True, gc=False):
    entries: list[msgspec.Raw]


class _Har(msgspec.Struct, frozen=True, gc=False):
    log: _Log


class _Message(msgspec.Struct, frozen=True, gc=False):
    type: str
    time: UnixTime
    data: str
    opcode: int = 1


class HarEvents(NamedTuple):
    """What was found in a HAR file."""

    events: list[Event]
    """In the order of their times, numbered from 1."""
    problem: str
    """What cannot be read, with the first reason; empty if all can."""


def is_har(head: bytes) -> bool:
    """Returns whether a file that begins with `head` is a HAR file."""
    return _HAR_START.match(head) is not None


def har_events(content: bytes) -> HarEvents:
    """Returns the WebSocket messages in a HAR file. Raises `ValueError` if it is no JSON, or is cut
    off."""
    try:
        har = msgspec.json.decode(content, type=_Har)
    except UNREADABLE as error:
        raise ValueError(N_("the HAR file cannot be read: {error}").format(error=error)) from None
    events: list[Event] = []
    unreadable, reason = 0, ""
    for number, raw in enumerate(har.log.entries, start=1):
        try:
            entry = msgspec.json.decode(raw, type=_Entry)
        except UNREADABLE as error:
            unreadable, reason = (
                unreadable + 1,
                reason or N_("entry {number}: {error}").format(number=number, error=error),
            )
            continue
        agent = _agent(entry.request.url)
        for index, message in enumerate(entry.messages, start=1):
            try:
                events += _events(msgspec.json.decode(message, type=_Message), agent)
            except UNREADABLE as error:
                unreadable += 1
                reason = reason or N_("message {index} of entry {number}: {error}").format(
                    index=index, number=number, error=error
                )
    events.sort(key=lambda event: event.time)
    numbered = [
        msgspec.structs.replace(event, seq=seq) for seq, event in enumerate(events, start=1)
    ]
    problem = ""
    if unreadable:
        parts = (
            "1 part"
            if unreadable == 1
            else N_("{unreadable:,} parts").format(unreadable=unreadable)
        )
        problem = N_("{parts} of it cannot be read, the first: {reason}").format(
            parts=parts, reason=reason
        )
    return HarEvents(numbered, problem)


def _events(message: _Message, agent: str) -> list[Event]:
    """Raises `ValueError`."""
    text = message.data
    if message.opcode == 2:
        try:
            text = base64.b64decode(text, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise ValueError(N_("binary data that is no text")) from None
    if message.type == "receive":
        return frame_events(text, message.time, agent)
    if message.type != "send":
        raise ValueError(
            N_("its type is neither send nor receive, but {type}").format(type=message.type[:40])
        )
    return [sent_event(line, message.time, agent) for line in text.split("\n") if line.strip("\r")]


def _agent(url: str) -> str:
    """Returns the first part of the path; the others may be a secret."""
    try:
        return urlsplit(url).path.strip("/").partition("/")[0]
    except ValueError:
        return ""
