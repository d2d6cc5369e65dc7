"""How rows of events are laid out: their columns, and what makes a row stand out."""
