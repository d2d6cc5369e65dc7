"""Remdis, a dialogue toolkit that drives MMDAgent-EX over RabbitMQ: what its units mean."""
