"""Help while a filter is typed: completion, and names that nothing has."""
