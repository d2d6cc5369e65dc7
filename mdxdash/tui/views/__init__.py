"""The views: ways of looking at the same events."""
