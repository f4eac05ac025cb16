# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""LSH buckets: find them among sorted postings, and count the anchors that each pair of texts shares."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

import numpy as np


def find_buckets(
    const uint64_t[::1] postings, const uint32_t[::1] anchors, int64_t[::1] begin, int64_t[::1] count
):
    """Write where the postings of each anchor begin, and how many there are.

    Postings and anchors are sorted. Each search gallops from where the one before ended, because those postings are in
    the cache.
    """
    cdef int64_t number, place = 0
    cdef uint64_t anchor
    with nogil:
        for number in range(anchors.shape[0]):
            anchor = anchors[number]
            begin[number] = place = leap(postings, place, anchor << 32)
            place = leap(postings, place, (anchor + 1) << 32) if anchor < 0xFFFFFFFFULL else postings.shape[0]
            count[number] = place - begin[number]


cdef int64_t leap(const uint64_t[::1] postings, int64_t place, uint64_t least) noexcept nogil:
    """Return the place of the first posting from `place` on that is at least `least`."""
    cdef int64_t step = 1, end, middle
    while place + step <= postings.shape[0] and postings[place + step - 1] < least:
        place += step
        step *= 2
    end = min(place + step - 1, postings.shape[0])
    while place < end:
        middle = (place + end) // 2
        if postings[middle] < least:
            place = middle + 1
        else:
            end = middle
    return place


def count_bucket_pairs(const uint64_t[::1] postings, int64_t heads):
    """Return how many pairs :func:`count_shared` compares; a pair that shares several buckets counts once for each."""
    cdef int64_t posting, first = 0, n_pairs = 0
    for posting in range(postings.shape[0]):
        if postings[posting] >> 32 != postings[first] >> 32:
            first = posting
        n_pairs += min(posting - first, heads)
    return n_pairs


def count_shared(
    const uint64_t[::1] postings,
    const uint8_t[::1] is_template,
    const uint8_t[::1] is_new,
    const uint64_t[::1] numbers,
    int64_t heads,
    int64_t some_numbers,
    double same_numbers,
    uint32_t[:, ::1] found,
):
    """Count the anchors that pairs of texts share; return how many pairs there are.

    A pair counts if it shares a bucket, one of the two is among the bucket's first `heads`, one is new, and their
    numbers do not rule it out. `postings`, sorted, hold anchor and text, 32 bits each; `is_template` is by posting,
    `is_new` and `numbers` are by text. The rows of `found`: the head, the other text, the number of shared anchors, and
    how many of those are not template anchors.
    """
    cdef int64_t n_texts = is_new.shape[0], n = postings.shape[0], used = 0
    cdef int64_t posting, other, text, head, place, first, n_met
    cdef int64_t[::1] begin = np.zeros(n_texts + 1, np.int64), bucket = np.empty(n, np.int64)
    cdef int64_t[::1] of_text = np.empty(n, np.int64), filled = np.zeros(n_texts, np.int64)
    cdef uint32_t[::1] shared = np.zeros(n_texts, np.uint32), telling = np.zeros(n_texts, np.uint32)
    cdef uint32_t[::1] met = np.empty(n_texts, np.uint32)
    with nogil:
        # The postings of each text, and where the bucket of each posting begins.
        first = 0
        for posting in range(n):
            if postings[posting] >> 32 != postings[first] >> 32:
                first = posting
            bucket[posting] = first
            begin[<uint32_t>postings[posting] + 1] += 1
        for text in range(n_texts):
            begin[text + 1] += begin[text]
        for posting in range(n):
            text = <uint32_t>postings[posting]
            of_text[begin[text] + filled[text]] = posting
            filled[text] += 1
        for text in range(n_texts):
            n_met = 0
            for place in range(begin[text], begin[text + 1]):
                posting = of_text[place]
                first = bucket[posting]
                for other in range(first, min(first + heads, posting)):
                    head = <uint32_t>postings[other]
                    if not (is_new[text] or is_new[head]):
                        continue
                    if not shared[head]:
                        met[n_met] = head
                        n_met += 1
                    shared[head] += 1
                    telling[head] += not is_template[posting]
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
