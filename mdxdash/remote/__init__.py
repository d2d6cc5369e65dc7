"""A hub and whoever looks at it or goes on with it from elsewhere.

The session of a hub, the protocol that it speaks with its faces (`faces/` is its end, `attached/`
is theirs), the tap, handing agents over (`handover/`), and many hubs at one broker (`fleet/`).
"""
