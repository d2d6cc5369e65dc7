"""Events as files for other programs."""
