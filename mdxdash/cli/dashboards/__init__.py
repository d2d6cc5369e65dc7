"""Builds what a dashboard works with, whatever it looks at, and runs it in the terminal."""
