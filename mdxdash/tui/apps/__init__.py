"""The dashboard on something else than a hub of its own."""
