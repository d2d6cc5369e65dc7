"""The hub: publishes its events at a broker, and carries out the commands that come."""
