"""The recordings of real traffic that tests read."""

from pathlib import Path

RECORDINGS = Path(__file__).parent / "recordings"
