"""The WebSocket server that agents dial: who is connected, what comes in, what goes out."""
