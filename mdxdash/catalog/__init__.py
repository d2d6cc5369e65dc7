"""The messages of MMDAgent-EX as data: look-up, completion, checks.

`lookup` finds a message's `model.Entry`, `check` judges a message before it is sent, `state` keeps
what an agent has announced, `complete` serves the composer, `replies` links a command with the
events that answer it, and `explain` tells a person what is known. The data is in `messages.json`;
it is read on the first look-up, not on import.
"""
