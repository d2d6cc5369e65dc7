"""The recordings of real traffic that tests read."""

from pathlib import Path

RECORDINGS = Path(__file__).parent / "recordings"

FOREIGN = Path(__file__).parent / "foreign"
"""What other programs wrote: the documented sample server and wscat, run against the simulator, and
a HAR file in the form of Chrome's."""
