"""What must be noticed: which events are alerts, and which alerts were seen."""
