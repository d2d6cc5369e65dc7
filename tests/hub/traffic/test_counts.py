"""The numbers of one agent."""

from mdxdash.hub.traffic.counts import ROUND_TRIPS_KEPT, Counts


def test_all_begin_at_zero():
    counts = Counts()
    assert not any(getattr(counts, name) for name in Counts.__slots__)


def test_the_last_round_trip_is_the_latest():
    counts = Counts()
    assert counts.last_round_trip is None
    counts.round_trips.extend([0.1, 0.2])
    assert counts.last_round_trip == 0.2


def test_only_the_latest_round_trips_are_kept():
    counts = Counts()
    counts.round_trips.extend(range(ROUND_TRIPS_KEPT + 1))
    assert len(counts.round_trips) == ROUND_TRIPS_KEPT == 1000
    assert (counts.round_trips[0], counts.last_round_trip) == (1, ROUND_TRIPS_KEPT)
