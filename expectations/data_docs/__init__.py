"""Great Expectations' Data Docs."""
