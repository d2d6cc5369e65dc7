"""TLS: certificate, context, handshake."""
