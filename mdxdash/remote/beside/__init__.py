"""Processes that a hub starts beside itself, for what must not slow its agents down."""
