"""The `.mdf` doctor: what keeps an agent from connecting, and mending it."""
