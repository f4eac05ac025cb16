# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Hashes of the words of texts, and of a sample of their shingles."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport qsort
from libc.string cimport memcpy

from copydesk.transforms._native.mix cimport SENTINELS, mix, shingle

cdef enum:
    BLOCK = 64  # bytes whose letters are found at a time
    SHORT = 64  # numbers that are sorted in place, one by one: a fifth of the time of calls that compare two

#: The highest bit of each of eight bytes, and the bit that tells small ASCII letters from capitals.
cdef uint64_t HIGH = 0x8080808080808080ULL
cdef uint64_t CASE = 0x2020202020202020ULL
#: One in each of eight bytes.
cdef uint64_t EACH = 0x0101010101010101ULL
cdef uint64_t BASE = 0x9E3779B97F4A7C15ULL

cdef extern from *:
    int lowest_bit "__builtin_ctzll"(unsigned long long) noexcept nogil


cdef inline uint64_t eight(const uint8_t *data, int64_t n) noexcept nogil:
    """Return n bytes (at most eight) as a number, the first one lowest. Eight are read: texts are followed by zeros."""
    cdef uint64_t value
    memcpy(&value, data, 8)
    return value if n >= 8 else value & ((1ULL << (8 * n)) - 1)


cdef inline bint is_mark(const uint8_t *data) noexcept nogil:
    """Return whether this is the first of the three bytes of general punctuation (dashes, curly quotes: U+2000 to U+203F)."""
    return data[0] == 0xE2 and data[1] == 0x80


def find_odd(const uint8_t[::1] data, const int64_t[::1] offsets, uint8_t[::1] odd):
    """Set `odd` for each text with characters other than ASCII and general punctuation."""
    cdef int64_t text
    with nogil:
        for text in range(odd.shape[0]):
            odd[text] = is_odd(&data[0], offsets[text], offsets[text + 1])


cdef inline bint is_odd(const uint8_t *data, int64_t at, int64_t end) noexcept nogil:
    while at < end:
        if at + 8 <= end and not eight(data + at, 8) & HIGH:
            at += 8
        elif is_mark(data + at):
            at += 3
        elif data[at] >= 128:
            return True
        else:
            at += 1
    return False


def read_texts(
    const uint8_t[::1] data,
    const int64_t[::1] offsets,
    const uint8_t[::1] spaced,
    const int64_t[::1] spaced_offsets,
    const uint8_t[::1] is_odd,
    int64_t longest,
    int64_t scale,
    int64_t least,
    uint64_t[:, ::1] room,
    int64_t[::1] first,
    uint32_t[::1] codes,
    uint64_t[::1] keys,
    uint64_t[::1] numbers,
    uint32_t[::1] anchors,
    int64_t[::1] n_anchors,
    int64_t[::1] n_sampled,
):
    """Write the words of texts, and a sample of their shingles, to the columns of Words; return how many anchors there are.

    A text is in `data` or, if `is_odd`, is the next one of `spaced`; up to BLOCK bytes after it are read. Words are cut to
    `longest` bytes. Anchors are the distinct shingles below 2**64 / scale, or the `least` smallest. `room` is working
    memory: two rows for the words of the longest text and its sentinels.
    """
    cdef int64_t text, place, n, odd = 0, used = 0
    cdef const uint8_t *bytes_
    cdef uint64_t power, key, bits
    cdef uint64_t *hashes = &room[0, 0]
    cdef uint32_t *code
    cdef Sampled sampled
    with nogil:
        first[0] = 0
        for text in range(keys.shape[0]):
            code = &codes[0] + first[text]
            if is_odd[text]:
                bytes_, n = &spaced[0] + spaced_offsets[odd], spaced_offsets[odd + 1] - spaced_offsets[odd]
                odd += 1
            else:
                bytes_, n = &data[0] + offsets[text], offsets[text + 1] - offsets[text]
            n = read_words(bytes_, n, longest, hashes, code)
            power, key, bits = 1, 0, 0
            for place in range(n + SENTINELS):
                power *= BASE
                key += hashes[place] * power
                bits |= <uint64_t>(code[place] & 1) << (hashes[place] >> 58)
            keys[text], numbers[text], first[text + 1] = mix(key), bits, first[text] + n + SENTINELS
            sampled = sample(hashes, n, scale, least, &room[1, 0], &anchors[0] + used)
            n_anchors[text], n_sampled[text] = sampled.kept, sampled.below
            used += sampled.kept
    return used


cdef int64_t read_words(
    const uint8_t *data, int64_t end, int64_t longest, uint64_t *hashes, uint32_t *code
) noexcept nogil:
    """Write the hashes and token hashes of the words of a text of `end` bytes and of its sentinels; return its words.

    A block of bytes becomes one bit per byte that says whether it is a letter; a word begins or ends where bits change.
    """
    cdef int64_t block, place, length, start = -1, n = 0
    cdef uint64_t letters, edges, last = 0
    cdef int skip = 0
    for block in range(0, end + 1, 64):  # BLOCK; with the byte behind the text, which ends its last word
        letters = find_letters(data + block, min(end - block, BLOCK), &skip)
        edges = letters ^ (letters << 1 | last)
        last = letters >> 63
        while edges:
            place = block + lowest_bit(edges)
            edges &= edges - 1
            if start < 0:
                start = place
                continue
            while start < place:
                length = min(place - start, longest)
                hashes[n] = hash_word(data + start, length)
                code[n] = to_code(hashes[n]) | (data[start] <= c"9")
                start += length
                n += 1
            start = -1
    for place in range(n, n + SENTINELS):
        hashes[place] = mix(2)
        code[place] = to_code(hashes[place])
    return n


cdef inline uint32_t to_code(uint64_t hashed) noexcept nogil:
    return <uint32_t>(hashed >> 32) & ~1U


cdef inline uint64_t find_letters(const uint8_t *data, int64_t n, int *skip) noexcept nogil:
    """Return one bit per byte of n bytes (at most BLOCK): whether it is part of a letter or a digit.

    `skip` is the number of bytes of a mark that began before; then, of a mark that ends after them.
    """
    cdef uint64_t bytes_, low, lower, letters, found = 0
    cdef int64_t at, place
    for at in range(0, n, 8):
        bytes_ = eight(data + at, n - at)
        low = bytes_ & ~HIGH
        lower = low | CASE
        # A byte below 128 sets its highest bit where it is at least "a" and not above "z", or a digit.
        letters = (lower + (128 - c"a") * EACH) & ~(lower + (127 - c"z") * EACH)
        letters |= (low + (128 - c"0") * EACH) & ~(low + (127 - c"9") * EACH)
        letters &= ~bytes_ & HIGH
        if bytes_ & HIGH or skip[0]:
            for place in range(min(n - at, 8)):
                if skip[0]:
                    skip[0] -= 1
                elif is_mark(data + at + place):
                    skip[0] = 2
                elif data[at + place] >= 128:
                    letters |= 128ULL << (8 * place)
        # The highest bits of eight bytes, the first one's lowest.
        found |= (((letters >> 7) * 0x0102040810204080ULL) >> 56) << at
    return found


cdef inline uint64_t hash_word(const uint8_t *data, int64_t length) noexcept nogil:
    """Hash a word, eight bytes at a time."""
    cdef uint64_t hashed = mix(lower(eight(data, length)))
    cdef int64_t done
    for done in range(8, length, 8):
        hashed = mix(hashed + lower(eight(data + done, length - done)))
    return hashed


cdef inline uint64_t lower(uint64_t word) noexcept nogil:
    """Return bytes of a word in lower case: one more bit is set in capitals, which are below 128 and have bit 6 set."""
    return word | ((~word & HIGH) >> 2 & word >> 1)


cdef struct Sampled:
    int64_t kept, below


cdef inline Sampled sample(
    const uint64_t *hashes, int64_t n_words, int64_t scale, int64_t least, uint64_t *room, uint32_t *anchors
) noexcept nogil:
    """Write the low halves of the anchors of a text; return their number, and that of those that any text would keep."""
    cdef uint64_t limit = <uint64_t>(2.0**64 / scale), last = ~(<uint64_t>0), bound = last
    cdef Sampled found
    cdef int64_t rank, n
    # Small enough to be among the smallest, in all likelihood; a text that repeats itself is looked at whole.
    cdef double share = max(1.0 / scale, 3.0 * least / max(n_words, 1))
    if share < 1:
        bound = <uint64_t>(share * 2.0**64)
    n = distinct_below(hashes, n_words, bound, room)
    if n < least and bound < last:
        n = distinct_below(hashes, n_words, last, room)
    found.kept, found.below = 0, 0
    for rank in range(n):
        found.below += room[rank] < limit
        if rank < least or room[rank] < limit:
            anchors[found.kept] = <uint32_t>room[rank]
            found.kept += 1
    return found


cdef inline int64_t distinct_below(
    const uint64_t *hashes, int64_t n_words, uint64_t bound, uint64_t *room
) noexcept nogil:
    """Write the distinct shingles of a text up to `bound` to `room`, sorted; return their number."""
    cdef int64_t word, place, found = 0, distinct = 0
    cdef uint64_t hashed
    for word in range(n_words):
        hashed = shingle(hashes[word], hashes[word + 1], hashes[word + 2])
        if hashed <= bound:
            room[found] = hashed
            found += 1
    sort(room, found)
    for place in range(found):
        if place == 0 or room[place] != room[place - 1]:
            room[distinct] = room[place]
            distinct += 1
    return distinct


cdef inline void sort(uint64_t *values, int64_t n) noexcept nogil:
    cdef int64_t done, place
    cdef uint64_t value
    if n > SHORT:
        qsort(values, n, sizeof(uint64_t), &compare)
        return
    for done in range(1, n):
        value, place = values[done], done
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


cdef int compare(const void *one, const void *other) noexcept nogil:
    cdef uint64_t a = (<const uint64_t *>one)[0], b = (<const uint64_t *>other)[0]
    return (a > b) - (a < b)
