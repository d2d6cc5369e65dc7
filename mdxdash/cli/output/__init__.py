"""What the commands print: events, tables, progress, JUnit."""
