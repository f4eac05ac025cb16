"""HTML pages: their visible text, where each line stands in the DOM, and their metadata."""
