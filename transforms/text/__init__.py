"""Text as data: encodings, words, lines, language, dates, shingles and their hashes."""
