"""`python -m tests.bench [SECONDS] [PART…]` prints the table.

The loads last SECONDS, 60 by default. Parts: throughput, loops, screen, views, dialogue, pace,
round_trip, relay, agents, many_agents, attached, fleet, speech; by default all. Needs
pseudo-terminals and /proc: Linux.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator

from tests.bench import (
    agents,
    attached,
    dialogue,
    fleet,
    loops,
    many_agents,
    pace,
    relay,
    round_trip,
    screen,
    speech,
    throughput,
    views,
)
from tests.bench.report import HEAD, Row


def main() -> None:
    seconds = next((int(argument) for argument in sys.argv[1:] if argument.isdigit()), 60)
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "throughput": throughput.rows,
        "loops": loops.rows,
        "screen": lambda: screen.rows(seconds),
        "views": views.rows,
        "dialogue": dialogue.rows,
        "pace": lambda: pace.rows(seconds),
        "round_trip": round_trip.rows,
        "relay": lambda: relay.rows(seconds),
        "agents": lambda: agents.rows(seconds),
        "many_agents": many_agents.rows,
        "attached": attached.rows,
        "fleet": fleet.rows,
        "speech": lambda: speech.rows(seconds),
    }
    unknown = [each for each in sys.argv[1:] if not each.isdigit() and each not in parts]
    if unknown:
        sys.exit(f"{__doc__}\nThere is no part {', '.join(unknown)}.")
    wanted = [part for part in parts if part in sys.argv[1:]] or list(parts)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    print(HEAD, flush=True)
    for part in wanted:
        for row in parts[part]():
            print(row, flush=True)


main()
