"""The filter language: one line of text that says which events to show or to wait for."""
