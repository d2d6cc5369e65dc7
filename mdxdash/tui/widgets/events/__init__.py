"""How an event is shown: as a row, in words, in full."""
