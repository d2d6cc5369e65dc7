"""Sessions on disk: writing, reading, importing other people's files, exporting."""
