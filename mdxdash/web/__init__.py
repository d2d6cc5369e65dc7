"""The dashboard served to browsers."""
