"""Everything that is opened: inputs, seeds, models, the user's limits, the warehouse; and its fingerprint."""
