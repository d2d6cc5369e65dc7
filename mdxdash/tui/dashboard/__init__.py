"""The screen of the dashboard: its panes, what its keys do, and one kind for each sort of hub."""
