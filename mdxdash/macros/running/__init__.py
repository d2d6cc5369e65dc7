"""Macros that run: one execution, the scheduler of all, the runner that brings them time and events."""
