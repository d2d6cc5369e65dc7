"""Events: the event itself, the log that numbers and owns them, replies to commands, statistics."""
