"""Many hubs on one broker (RabbitMQ): each publishes its events there and takes commands."""
