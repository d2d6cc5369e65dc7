"""How a million events are kept: as columns and blocks of text."""
