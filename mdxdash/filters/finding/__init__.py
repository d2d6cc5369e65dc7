"""Finding without filtering: which rows match, and which parts of their text."""
