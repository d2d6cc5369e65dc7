"""Exports: events as files for other programs."""
