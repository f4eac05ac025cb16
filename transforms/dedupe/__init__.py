"""Near-duplicates: signatures, candidate pairs, verification, canonical documents."""
