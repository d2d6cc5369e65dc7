"""What runs side by side: processes that a hub starts beside itself, for what must not slow its
agents down, and works of one process."""
