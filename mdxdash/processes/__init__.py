"""Other programs that mdxdash starts, ended with all their children."""
