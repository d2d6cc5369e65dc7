"""Hubs that run already, as commands reach them."""
