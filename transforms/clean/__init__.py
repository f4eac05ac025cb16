"""The clean stage: rules, the line model's verdicts and repairs propose edits; nothing here cuts text."""
