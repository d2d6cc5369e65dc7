"""The dialogs in which macros are added, edited and deleted, and their parameters are asked for."""
