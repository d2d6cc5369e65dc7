"""Sound that an agent speaks with moving lips: read, converted, and paced into audio blocks."""
