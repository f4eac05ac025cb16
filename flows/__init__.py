"""Flows: opens every file and connection, runs the stages in order, and is the command line."""
