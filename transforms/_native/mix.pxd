# cython: language_level=3
"""Hashes of words and of shingles."""

from libc.stdint cimport uint64_t

#: The sentinels that close a text, as in transforms/text/hashing.py, and the words of a shingle.
cdef enum:
    SENTINELS = 2
    SHINGLE = 3


cdef inline uint64_t mix(uint64_t value) noexcept nogil:
    """Return `value` with each bit depending on every bit, after Evensen (2018) "Better, stronger mixer"."""
    value ^= value >> 32
    value *= 0xD6E8FEB86659FD93ULL
    value ^= value >> 32
    value *= 0xD6E8FEB86659FD93ULL
    return value ^ (value >> 32)


cdef inline uint64_t shingle(uint64_t first, uint64_t second, uint64_t third) noexcept nogil:
    """Return the hash of a shingle, given the hashes of its three words."""
    return mix(first * 0x9E3779B97F4A7C15ULL + second * 0xC2B2AE3D27D4EB4FULL + third)
