"""Between a connection and its socket: writing whole frames, and what another process must know
to go on with the socket."""
