"""HTML pages: their visible text, the DOM context of each line, and their metadata."""
