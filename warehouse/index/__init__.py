"""The near-duplicate index beside the warehouse, and the store of token hashes."""
