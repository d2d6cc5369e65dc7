"""Bytes and lines: what the socket carries, as pure functions."""
