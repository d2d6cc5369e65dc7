"""Macros that run: triggers, periodic times, overlap; one execution with its waits; what it did."""
