"""Macros that run: one execution, the scheduler of all, the runner that brings time and events."""
