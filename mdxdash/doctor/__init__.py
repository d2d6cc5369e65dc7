"""The `.mdf` doctor: what keeps an agent from connecting, and how it is corrected."""
