"""Lists of rows: the pane that draws them, what a line shows, and rows of several kinds."""
