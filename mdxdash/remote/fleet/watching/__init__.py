"""All hubs of a broker, as one dashboard sees them."""
