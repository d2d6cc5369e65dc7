"""Filters over the columns of many events at once."""
