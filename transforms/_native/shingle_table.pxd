# cython: language_level=3
"""A hash table, with open addressing, of the distinct shingles of one text."""

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libc.string cimport memset

#: `slots` hold 0, or 1 + the number of the word at which a shingle first begins; `hashed` are the shingles by word.
cdef struct Table:
    int32_t *slots
    uint64_t *hashed
    int64_t mask, n


cdef inline int64_t table_size(int64_t n) noexcept nogil:
    """Return the power of two that holds n shingles and is at most half full."""
    cdef int64_t size = 16
    while size < 2 * n:
        size *= 2
    return size


cdef inline uint64_t hash_three(const uint32_t *code) noexcept nogil:
    """Return the hash of a shingle. Codes are hashes already: the upper bits of a sum of multiples are enough."""
    return code[0] * 0x9E3779B97F4A7C15ULL + code[1] * 0xC2B2AE3D27D4EB4FULL + code[2] * 0xD6E8FEB86659FD93ULL


cdef inline void clear(Table *table, int64_t n) noexcept nogil:
    """Make room for n shingles."""
    table.mask, table.n = table_size(n) - 1, 0
    memset(table.slots, 0, (table.mask + 1) * sizeof(int32_t))


cdef inline int64_t find(const Table *table, uint64_t hashed) noexcept nogil:
    """Return the slot of a shingle, or the empty slot for it."""
    cdef int64_t slot = (hashed >> 32) & table.mask
    while table.slots[slot] and table.hashed[table.slots[slot] - 1] != hashed:
        slot = (slot + 1) & table.mask
    return slot


cdef inline bint add(Table *table, int64_t word, uint64_t hashed) noexcept nogil:
    """Add the shingle that begins at a word; return whether it is new."""
    cdef int64_t slot = find(table, hashed)
    if table.slots[slot]:
        return False
    table.slots[slot], table.hashed[word] = word + 1, hashed
    table.n += 1
    return True
