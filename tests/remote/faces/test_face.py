"""One face: what it may do, and how much of the hub's time it gets."""

import asyncio
import json
from pathlib import Path

import pytest

from mdxdash.remote.faces import face as face_module
from mdxdash.remote.faces.attached_faces import AttachedFaces
from mdxdash.remote.faces.face import LINES_AT_ONCE, Face
from mdxdash.remote.faces.link import WAITING_BYTES
from mdxdash.remote.hub_session import HubSession
from tests.support.faces import StillLink, session_in
from tests.support.waiting import GUARD

ATTACH = {"do": "attach", "protocol": 1, "face": "attach", "events": False}
MARK = {"do": "mark", "seq": 99}
STATUS = {"do": "status", "id": 1}


def lines(*said: dict[str, object]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in said)


def attached(
    session: HubSession, link: StillLink, *, elsewhere: bool = False, **attach: object
) -> Face:
    face = AttachedFaces(session).open(link, elsewhere=elsewhere)
    face.receive(lines({**ATTACH, **attach}))
    assert link.lines[0]["is"] == "welcome"
    link.lines.clear()
    return face


@pytest.fixture
def session(tmp_path: Path) -> HubSession:
    return session_in(tmp_path, recording_enabled=False)


def answers(link: StillLink) -> int:
    return sum(line["is"] == "answer" for line in link.lines)


async def next_answers(link: StillLink) -> int:
    """How many answers come next, in one turn of the event loop."""
    before = answers(link)
    async with asyncio.timeout(GUARD):
        while answers(link) == before:
            await asyncio.sleep(0)
    return answers(link) - before


async def test_a_flood_of_requests_is_processed_in_portions(
    session: HubSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_module, "WORK_AT_ONCE", 1e9)
    link = StillLink()
    face = attached(session, link)
    face.receive(lines(*[STATUS] * 500))
    assert answers(link) == LINES_AT_ONCE - 1  # its first line was one
    assert link.held
    assert await next_answers(link) == LINES_AT_ONCE
    assert link.held
    face.close()


async def test_requests_that_take_long_are_processed_one_at_a_time(
    session: HubSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_module, "WORK_AT_ONCE", 0.0)
    link = StillLink()
    face = attached(session, link)
    face.receive(lines(*[STATUS] * 3))
    assert link.held and answers(link) == 0
    assert [await next_answers(link) for _ in range(3)] == [1, 1, 1]
    face.close()


async def test_a_face_that_reads_no_answer_is_not_asked_any_more(
    session: HubSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_module, "WORK_AT_ONCE", 1e9)  # no other reason to hold it
    link = StillLink(room=0)
    face = attached(session, link)
    link.waiting = WAITING_BYTES
    face.receive(lines(STATUS, STATUS, STATUS))
    assert link.held and answers(link) == 1
    link.waiting, link.room = 0, float("inf")
    face.resume()
    assert answers(link) == 3
    face.close()


async def test_what_it_sends_bears_its_name_and_no_other_one(session: HubSession) -> None:
    seen: list[str] = []
    for name in ("attach", "web", "send", "macro", "tap", "other"):
        link = StillLink()
        face = attached(session, link, face=name)
        assert face._requests is not None
        seen.append(face._requests._by)
        face.close()
    assert seen == ["attach", "web", "send", "attach", "attach", "attach"]


async def test_from_elsewhere_a_hub_cannot_be_ended(session: HubSession) -> None:
    link = StillLink()
    face = attached(session, link, elsewhere=True)
    face.receive(lines({"do": "stop-hub", "sure": True, "id": 1}, {"do": "release", "id": 2}))
    assert all("own machine only" in line["error"] for line in link.lines)
    assert not session.stop_wanted.is_set() and not session.released.is_set()
    face.close()


async def test_a_face_is_attached_once(session: HubSession) -> None:
    link = StillLink()
    face = attached(session, link)
    face.receive(lines({**ATTACH, "id": 1}, MARK, {"do": "status", "id": 2}))
    assert [line.get("id") for line in link.lines] == [2]
    face.close()
