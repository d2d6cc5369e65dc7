"""The pane in which commands are written: its line, what is known of it, what was sent before."""
