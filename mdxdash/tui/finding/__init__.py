"""Ways to a row of the stream: the find line and its hits, a time, a gap."""
