"""A hub in another process, as a dashboard sees it: the client side of the protocol."""
