"""Every setting with its default, the file it is written in, and where each value comes from."""
