"""Entities: mentions in texts, their labels, and which names are one entity."""
