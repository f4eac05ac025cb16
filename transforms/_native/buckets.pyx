# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Texts that meet in buckets: who shares anchors with whom, and how many."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

import numpy as np


def find_buckets(
    const uint64_t[::1] entries, const uint32_t[::1] anchors, int64_t[::1] begin, int64_t[::1] count
):
    """Write where the entries of each anchor begin, and how many they are. Both entries and anchors ascend: what comes
    next is looked for in growing steps from where the last one ended, for the next entries are in a cache.
    """
    cdef int64_t number, place = 0
    cdef uint64_t anchor
    with nogil:
        for number in range(anchors.shape[0]):
            anchor = anchors[number]
            begin[number] = place = leap(entries, place, anchor << 32)
            place = leap(entries, place, (anchor + 1) << 32) if anchor < 0xFFFFFFFFULL else entries.shape[0]
            count[number] = place - begin[number]


cdef int64_t leap(const uint64_t[::1] entries, int64_t place, uint64_t least) noexcept nogil:
    """Return the place of the first entry from `place` on that is not below `least`."""
    cdef int64_t step = 1, end, middle
    while place + step <= entries.shape[0] and entries[place + step - 1] < least:
        place += step
        step *= 2
    end = min(place + step - 1, entries.shape[0])
    while place < end:
        middle = (place + end) // 2
        if entries[middle] < least:
            place = middle + 1
        else:
            end = middle
    return place


def count_meetings(const uint64_t[::1] entries, int64_t heads):
    """Return how many pairs :func:`count_shared` looks at, one that meets in several buckets counted in each."""
    cdef int64_t entry, first = 0, meetings = 0
    for entry in range(entries.shape[0]):
        if entries[entry] >> 32 != entries[first] >> 32:
            first = entry
        meetings += min(entry - first, heads)
    return meetings


def count_shared(
    const uint64_t[::1] entries,
    const uint8_t[::1] is_frame,
    const uint8_t[::1] is_new,
    const uint64_t[::1] numbers,
    int64_t heads,
    int64_t some_numbers,
    double same_numbers,
    uint32_t[:, ::1] found,
):
    """Count the anchors that two texts share, for every two of a bucket of which one is among its first `heads`, one is
    new, and whose numbers do not rule them out; return how many pairs there are.

    `entries`, sorted, are anchor and text, 32 bits each; `is_frame` goes with them; `is_new` and `numbers` go by text.
    The rows of `found`: the head, the other text, the anchors that both have, and those of them that are no frames.
    """
    cdef int64_t n_texts = is_new.shape[0], n = entries.shape[0], used = 0
    cdef int64_t entry, other, text, head, place, first, n_met
    cdef int64_t[::1] begin = np.zeros(n_texts + 1, np.int64), bucket = np.empty(n, np.int64)
    cdef int64_t[::1] of_text = np.empty(n, np.int64), filled = np.zeros(n_texts, np.int64)
    cdef uint32_t[::1] shared = np.zeros(n_texts, np.uint32), telling = np.zeros(n_texts, np.uint32)
    cdef uint32_t[::1] met = np.empty(n_texts, np.uint32)
    with nogil:
        # The entries of each text, and where the bucket of each entry begins.
        first = 0
        for entry in range(n):
            if entries[entry] >> 32 != entries[first] >> 32:
                first = entry
            bucket[entry] = first
            begin[<uint32_t>entries[entry] + 1] += 1
        for text in range(n_texts):
            begin[text + 1] += begin[text]
        for entry in range(n):
            text = <uint32_t>entries[entry]
            of_text[begin[text] + filled[text]] = entry
            filled[text] += 1
        for text in range(n_texts):
            n_met = 0
            for place in range(begin[text], begin[text + 1]):
                entry = of_text[place]
                first = bucket[entry]
                for other in range(first, min(first + heads, entry)):
                    head = <uint32_t>entries[other]
                    if not (is_new[text] or is_new[head]):
                        continue
                    if not shared[head]:
                        met[n_met] = head
                        n_met += 1
                    shared[head] += 1
                    telling[head] += not is_frame[entry]
            for place in range(n_met):
                head = met[place]
                if are_plausible(numbers[head], numbers[text], some_numbers, same_numbers):
                    found[0, used], found[1, used] = head, text
                    found[2, used], found[3, used] = shared[head], telling[head]
                    used += 1
                shared[head] = telling[head] = 0
    return used


cdef inline bint are_plausible(uint64_t one, uint64_t other, int64_t least, double share) noexcept nogil:
    cdef int64_t fewer = min(count_bits(one), count_bits(other))
    return fewer < least or count_bits(one & other) >= share * fewer


cdef inline int64_t count_bits(uint64_t value) noexcept nogil:
    cdef int64_t n = 0
    while value:
        value &= value - 1
        n += 1
    return n
