"""The content that a simulated agent plays: models, voices, variables, a dialogue in Japanese."""
