"""Text processing shared by all rooms: encodings, words, lines, language, dates, patterns, shingles and their
hashes.
"""
