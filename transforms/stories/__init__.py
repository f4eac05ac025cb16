"""Stories: articles that report the same event."""
