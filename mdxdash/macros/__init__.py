"""Saved, named ways of sending: what a macro is, and what runs it."""
