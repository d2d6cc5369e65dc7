"""The messages of MMDAgent-EX as data: look-up, completion, checks, what an agent has announced.

The data is in `messages.json`; it is read on the first look-up, not on import.
"""
