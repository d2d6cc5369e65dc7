"""What must be noticed: which events are alerts, which were seen, watches, and late answers."""
