"""Scripts of the user: events go to their standard input, messages come from their output."""
