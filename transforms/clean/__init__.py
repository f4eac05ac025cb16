"""The clean stage: rules, the line model and repairs propose edits; nothing here cuts text."""
