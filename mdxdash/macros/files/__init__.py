"""Macros in TOML files: reading, checking, editing, the ready-made ones."""
