"""Bytes and lines: what goes over the socket, as pure functions."""
