"""All faces of a hub: how many there may be, and when the hub works for them."""

import asyncio
from pathlib import Path

from mdxdash.remote.faces import attached_faces
from mdxdash.remote.faces.attached_faces import MOST_CONNECTIONS, MOST_FACES, AttachedFaces
from tests.remote.faces.test_face import ATTACH, lines
from tests.support.faces import StillLink, session_in


async def test_faces_are_bounded_and_their_places_become_free(tmp_path: Path) -> None:
    faces = AttachedFaces(session_in(tmp_path, recording_enabled=False))
    opened = [faces.open(StillLink()) for _ in range(MOST_FACES)]
    for each in opened:
        each.receive(lines({**ATTACH, "events": True}))
    numbered = (f"attach-{number}" for number in range(2, MOST_FACES + 1))
    assert set(faces.names) == {"attach", *numbered}
    late = StillLink()
    refused = faces.open(late)
    refused.receive(lines({**ATTACH, "events": True}))
    assert "attached already" in late.lines[0]["error"] and late.closed
    faces.lose(refused)
    faces.lose(opened[0])
    place = StillLink()
    faces.open(place).receive(lines({**ATTACH, "events": True}))
    assert (place.lines[0]["is"], place.lines[0]["face"]) == ("welcome", "attach")
    faces.close()
    assert place.closed and faces.names == ()


async def test_connections_are_bounded_also_those_that_say_nothing(tmp_path: Path) -> None:
    faces = AttachedFaces(session_in(tmp_path, recording_enabled=False))
    for _ in range(MOST_CONNECTIONS):
        faces.open(StillLink())
    late = StillLink()
    faces.open(late)
    assert "connections already" in late.lines[0]["error"] and late.closed
    faces.close()


async def test_a_rush_of_connections_is_refused(tmp_path: Path) -> None:
    faces = AttachedFaces(session_in(tmp_path, recording_enabled=False))
    links = [StillLink() for _ in range(3 * attached_faces.MOST_IN_A_SECOND)]
    for link in links:
        faces.lose(faces.open(link))
    assert any(link.lines and "within a second" in link.lines[0]["error"] for link in links)
    faces.close()


async def test_events_of_one_moment_are_sent_together(tmp_path: Path) -> None:
    session = session_in(tmp_path, recording_enabled=False)
    faces, link = AttachedFaces(session), StillLink()
    faces.open(link).receive(lines({**ATTACH, "events": True}))
    for _ in range(100):
        session.log.append("received", "chat", "A")
    assert link.seqs == []
    await asyncio.sleep(attached_faces.EVENT_DELAY * 2)
    assert link.seqs == [*range(1, 101)]
    faces.close()


async def test_the_last_events_are_sent_when_the_hub_ends(tmp_path: Path) -> None:
    session = session_in(tmp_path, recording_enabled=False)
    faces, link = AttachedFaces(session), StillLink()
    faces.open(link).receive(lines({**ATTACH, "events": True}))
    session.log.append("disconnected", "chat")
    faces.close()
    assert link.seqs == [1] and link.closed
