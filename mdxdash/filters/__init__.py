"""The filter language: one line of text that says which events to show, wait for or answer."""
