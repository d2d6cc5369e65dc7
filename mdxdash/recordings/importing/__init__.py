"""Importers: files of other programs, and our own recordings, as events."""
