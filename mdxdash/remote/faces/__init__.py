"""The hub's side of its faces in other processes: what each is sent, and what each asks for."""
