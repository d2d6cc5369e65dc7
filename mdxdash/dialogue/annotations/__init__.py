"""Intervals as annotations for the tools of people who study dialogues."""
