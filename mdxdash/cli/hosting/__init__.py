"""Hubs that commands host: how they begin, what they report, when they end."""
