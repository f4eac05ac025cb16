"""The DuckDB warehouse: its tables and views as SQL files, and the few functions that load and query them."""
