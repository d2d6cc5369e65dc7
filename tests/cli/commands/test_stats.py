"""`mdxdash stats`: the numbers of a recording."""

from tests.support.programs import mdxdash
from tests.support.recorded import RECORDINGS


def test_stats_shows_agents_and_types() -> None:
    shown = mdxdash("stats", RECORDINGS / "messages.jsonl", "--top", "1").stdout
    assert shown.startswith("277 events in 00:01:10")
    assert "TIMER_EVENT_START     14   5.1%" in shown
