"""The screens that compare two sessions."""
