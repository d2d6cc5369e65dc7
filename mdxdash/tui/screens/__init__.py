"""The screens and dialogs that cover the dashboard."""
