"""What several tests share: one of each helper."""
