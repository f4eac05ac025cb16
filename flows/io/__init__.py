"""What is opened: inputs, readers, seeds, models, the user's limits, the warehouse."""
