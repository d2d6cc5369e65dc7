"""The keys that the settings `[keys]` give to actions: how they are written, and used."""
