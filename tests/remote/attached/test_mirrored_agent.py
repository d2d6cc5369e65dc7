"""An agent of a hub elsewhere."""

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.remote.attached.mirrored_agent import MirroredAgent
from mdxdash.remote.protocol import CountsState, UpstreamState
from tests.support.scripted_hub import agent_state


def test_it_is_shown_as_the_hub_describes_it():
    counts = CountsState(1, 2, 3, 4, 5, 6, 7, (0.1, 0.2))
    upstream = UpstreamState("ws://up", True, 3)
    agent = MirroredAgent(
        agent_state(counts=counts, queued=2, upstream=upstream, paused=True), AnnouncedState()
    )
    shown = agent.counts
    assert (shown.frames_in, shown.bytes_in, shown.frames_out, shown.bytes_out) == (1, 2, 3, 4)
    assert (shown.received, shown.sent, shown.lost) == (5, 6, 7)
    assert list(shown.round_trips) == [0.1, 0.2]
    assert (len(agent.queue), agent.queue.limit, agent.upstream) == (2, 10, upstream)
    assert (agent.name, agent.handshake.path, agent.paused) == ("chat", "/chat", True)
    assert (agent.connected_at, agent.last_seen_at, agent.gone_at) == (1.0, 2.0, None)


def test_it_is_there_while_its_connection_is_open():
    agent = MirroredAgent(agent_state(state="silent"), AnnouncedState())
    assert agent.connected
    agent.update(agent_state(state="gone", gone_at=9.0))
    assert (agent.connected, agent.gone_at) == (False, 9.0)
