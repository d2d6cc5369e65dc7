"""The filter language: one line of text that defines which events to show or to wait for."""
