"""What goes to and fro between the hub and one agent: its queue, echoes, counts and events."""
