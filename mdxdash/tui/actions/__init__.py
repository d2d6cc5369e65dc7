"""What the keys of the dashboard do with its panes, each group in a file, and when they can."""
