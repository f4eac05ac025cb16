"""Queries over the warehouse that return Polars frames."""
