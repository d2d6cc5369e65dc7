"""Small screens over the dashboard that ask for something."""
