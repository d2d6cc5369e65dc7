"""A virtual clock for a simulated agent: it jumps from one thing that is due to the next."""

from mdxdash.simulator.simulated_agent import SimulatedAgent


def live(agent: SimulatedAgent, start: float, end: float) -> list[tuple[float, bytes]]:
    """What the agent writes from `start` to `end`, each frame with its time."""
    written: list[tuple[float, bytes]] = []
    now = start
    while True:
        written += [(now, frame) for frame in agent.step(now)]
        upcoming = max(now, agent.next_time())
        if upcoming > end:
            return written
        now = upcoming
