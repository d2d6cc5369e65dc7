"""What the events mean in time: who spoke when, turns, and how long the user waited."""
