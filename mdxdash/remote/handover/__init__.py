"""Handing a hub over: its agents, their sockets and its recording go to another process, while the
agents notice nothing."""
