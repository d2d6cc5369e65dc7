"""What is written from the model: a commented settings file, a table, a JSON Schema."""
