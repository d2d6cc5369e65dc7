"""Other people's files, and our own, as events."""
