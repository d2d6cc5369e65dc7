"""Whether the keys that the settings give to actions can be those."""
