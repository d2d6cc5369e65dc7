"""The Textual dashboard: panes that show the rooms below, and ask."""
