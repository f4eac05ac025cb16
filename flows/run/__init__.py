"""A run: its request, its stages in order, its runners, its progress, its failures and its recovery."""
