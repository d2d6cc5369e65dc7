"""The texts that users read, in English and Japanese: picked when they are shown."""
