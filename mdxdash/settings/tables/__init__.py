"""The tables of the settings file that have many settings, each in a file."""
