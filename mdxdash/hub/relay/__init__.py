"""Between an agent and the user's own server (the upstream): every frame, both ways, in order."""
