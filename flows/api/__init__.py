"""The public face, `import copydesk`: functions on frames of the user's own, and on a home."""
