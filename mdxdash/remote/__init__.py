"""What other programs use of a hub: the tap."""
