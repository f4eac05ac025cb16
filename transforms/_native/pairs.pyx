# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Alignment of two texts: their shared shingles as blocks, and what is in the gaps between the blocks."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memset

import numpy as np

from copydesk.transforms._native.mix cimport SENTINELS, SHINGLE
from copydesk.transforms._native.shingle_table cimport Table, add, clear, find, hash_three, table_size

#: How gaps are judged: transforms/dedupe/alignment.py says what these are.
cdef struct Limits:
    double worth
    int64_t slot, phrase, added, moved, passes


cdef struct Block:
    int32_t a, b, shingles


#: A text without its sentinels.
cdef struct Text:
    const uint32_t *code
    int64_t size, numbers


cdef struct Gaps:
    int64_t covered_a, covered_b, swapped, half_phrases, conflicts, gone_a, gone_b, longest


cdef struct Sums:
    uint64_t words, figures
    int64_t numbers


#: Working memory for the longest text of a call, by word: the tables of both texts; `place` is where each shingle of `a`
#: first occurs in `b`, or -1; `met` is the last pair that had a shingle of `b`, or -1 for one that occurred before.
cdef struct Room:
    Table of_a, of_b
    int32_t *place
    int32_t *met
    Block *blocks
    uint8_t *goes


def align(
    const uint32_t[::1] code,
    const int64_t[::1] first,
    const int64_t[::1] one,
    const int64_t[::1] other,
    dict limits,
    double[:, ::1] found,
):
    """Write the measures of each pair, in the order of alignment.MEASURES, to the columns of `found`.

    Consecutive pairs with the same `other` text cost less: its table is made once.
    """
    cdef Limits given = limits
    cdef Room room
    cdef Text a, b
    cdef int64_t pair, longest = 1
    for pair in range(one.shape[0]):
        longest = max(longest, first[one[pair] + 1] - first[one[pair]], first[other[pair] + 1] - first[other[pair]])
    # One block of memory, the largest items first.
    cdef int64_t slots = table_size(longest)
    cdef int64_t size = longest * (2 * sizeof(uint64_t) + 2 * sizeof(int32_t) + sizeof(Block) + 1)
    memory = np.empty(size + 2 * slots * sizeof(int32_t), np.uint8)
    cdef uint8_t[::1] bytes_ = memory
    room.of_a.hashed = <uint64_t *>&bytes_[0]
    room.of_b.hashed = room.of_a.hashed + longest
    room.of_a.slots = <int32_t *>(room.of_b.hashed + longest)
    room.of_b.slots = room.of_a.slots + slots
    room.place = room.of_b.slots + slots
    room.met = room.place + longest
    room.blocks = <Block *>(room.met + longest)
    room.goes = <uint8_t *>(room.blocks + longest)
    with nogil:
        for pair in range(one.shape[0]):
            a, b = text_of(code, first, one[pair]), text_of(code, first, other[pair])
            if pair == 0 or other[pair] != other[pair - 1]:
                index(b, room.met, &room.of_b)
            measure(a, b, given, &room, found, pair)


cdef inline Text text_of(const uint32_t[::1] code, const int64_t[::1] first, int64_t number) noexcept nogil:
    cdef Text text
    cdef int64_t word
    text.code, text.size, text.numbers = &code[0] + first[number], first[number + 1] - first[number] - SENTINELS, 0
    for word in range(text.size):
        text.numbers += text.code[word] & 1
    return text


cdef void measure(Text a, Text b, Limits given, Room *room, double[:, ::1] found, int64_t pair) noexcept nogil:
    cdef Gaps gaps
    cdef int64_t shared = match(a, b, room, pair)
    cdef int64_t n = 0, moved = 0, shorter = max(min(a.size, b.size), 1), words = min(room.of_a.n, room.of_b.n)
    cdef double in_a = <double>shared / max(room.of_a.n, 1), in_b = <double>shared / max(room.of_b.n, 1)
    if max(in_a, in_b) >= given.worth:
        n = join(room, a.size)
        n = straighten(room, n, given, &moved)
    gaps = compare_gaps(a, b, room.blocks, n, given)
    found[0, pair] = <double>shared / max(room.of_a.n + room.of_b.n - shared, 1)
    found[1, pair] = in_a
    found[2, pair] = in_b
    found[3, pair] = words
    found[4, pair] = min(max(<double>gaps.covered_a / max(a.size, 1), in_a), 1.0)
    found[5, pair] = min(max(<double>gaps.covered_b / max(b.size, 1), in_b), 1.0)
    found[6, pair] = <double>gaps.swapped / shorter
    found[7, pair] = (gaps.half_phrases + moved) / 2.0 / (words + 100.0) * 100.0
    found[8, pair] = gaps.conflicts
    found[9, pair] = <double>min(gaps.gone_a, gaps.gone_b) / (min(a.numbers, b.numbers) + 4)
    found[10, pair] = <double>gaps.longest / shorter


cdef void index(Text text, int32_t *met, Table *table) noexcept nogil:
    """Make the table of a text; `met` is -1 for a shingle that occurred before, else -2."""
    cdef int64_t word
    clear(table, text.size)
    for word in range(text.size):
        met[word] = -1 - add(table, word, hash_three(text.code + word))


cdef int64_t match(Text a, Text b, Room *room, int64_t pair) noexcept nogil:
    """Find the distinct shingles of both texts; those of `a` alone go into its table. Return how many are shared."""
    cdef int64_t word, place = -1, shared = 0
    cdef uint64_t hashed
    clear(&room.of_a, a.size)
    for word in range(a.size):
        room.place[word] = -1
        # Where both texts go on together there is no need to look the shingle up.
        if place < 0 or place + 1 >= b.size or room.met[place + 1] == -1 or not are_same(a.code + word, b.code + place + 1):
            hashed = hash_three(a.code + word)
            place = room.of_b.slots[find(&room.of_b, hashed)] - 2
        place += 1
        if place < 0:
            add(&room.of_a, word, hashed)
        elif room.met[place] != pair:
            room.met[place] = pair
            room.place[word] = place
            shared += 1
    room.of_a.n += shared
    return shared


cdef inline bint are_same(const uint32_t *one, const uint32_t *other) noexcept nogil:
    return one[0] == other[0] and one[1] == other[1] and one[2] == other[2]


cdef int64_t join(Room *room, int64_t size) noexcept nogil:
    """Join matches on one diagonal into blocks; return how many blocks there are."""
    cdef int64_t word, n = 0
    cdef Block *block = room.blocks
    for word in range(size):
        if room.place[word] < 0:
            continue
        if n and word == block.a + block.shingles and room.place[word] == block.b + block.shingles:
            block.shingles += 1
            continue
        block = &room.blocks[n]
        block.a, block.b, block.shingles = word, room.place[word], 1
        n += 1
    return n


cdef int64_t straighten(Room *room, int64_t n, Limits given, int64_t *moved) noexcept nogil:
    """Remove the shorter of two neighbouring blocks in the wrong order; return how many blocks are left.

    `moved` counts the removed blocks of at least `given.moved` shingles.
    """
    cdef int64_t turn, block, stay
    for turn in range(given.passes):
        memset(room.goes, 0, n)
        for block in range(n - 1):
            if room.blocks[block + 1].b < room.blocks[block].b:
                room.goes[block + (room.blocks[block].shingles >= room.blocks[block + 1].shingles)] = True
        stay = 0
        for block in range(n):
            if room.goes[block]:
                moved[0] += room.blocks[block].shingles >= given.moved
            else:
                room.blocks[stay] = room.blocks[block]
                stay += 1
        if stay == n:
            break
        n = stay
    return n


cdef Gaps compare_gaps(Text a, Text b, const Block *blocks, int64_t n, Limits given) noexcept nogil:
    """Measure the gaps before, between and after n blocks."""
    cdef Gaps found
    cdef Sums of_a, of_b
    cdef int64_t gap, to_a, to_b, in_a, in_b, over, shingles, from_a = 0, from_b = 0
    cdef bint is_back, is_same, is_equal, is_conflict
    memset(&found, 0, sizeof(Gaps))
    for gap in range(n + 1 if n else 0):
        to_a, to_b, shingles = a.size, b.size, 0
        if gap < n:
            to_a, to_b, shingles = blocks[gap].a, blocks[gap].b, blocks[gap].shingles
        over = max(0, from_a - to_a, from_b - to_b)
        is_back = over >= SHINGLE  # shingles of neighbouring blocks share words; more is a block that goes back
        if not is_back:
            from_a, from_b = from_a - over, from_b - over
        in_a, in_b = max(to_a - from_a, 0), max(to_b - from_b, 0)
        of_a, of_b = add_up(a.code + from_a, in_a), add_up(b.code + from_b, in_b)
        is_same = in_a == in_b and of_a.words == of_b.words
        is_equal = in_a == in_b and 0 < in_a <= given.slot and not is_same and not is_back
        is_conflict = is_equal and min(of_a.numbers, of_b.numbers) > 0
        is_conflict = is_conflict and (of_a.numbers != of_b.numbers or of_a.figures != of_b.figures)
        found.conflicts += is_conflict
        if is_same:
            found.covered_a += in_a
            found.covered_b += in_b
        elif 0 < gap < n:
            found.gone_a += of_a.numbers
            found.gone_b += of_b.numbers
            if is_equal:
                found.swapped += 0 if is_conflict else in_a
            elif in_a and in_b:
                found.half_phrases += 2 * (max(in_a, in_b) <= given.phrase)
                found.longest = max(found.longest, in_a if a.size <= b.size else in_b)
            else:
                found.half_phrases += max(in_a, in_b) <= given.added
        from_a = min(to_a + shingles + SHINGLE - 1, a.size)
        from_b = min(to_b + shingles + SHINGLE - 1, b.size)
        if gap < n:
            found.covered_a += from_a - to_a
            found.covered_b += from_b - to_b
    return found


cdef inline Sums add_up(const uint32_t *code, int64_t n) noexcept nogil:
    """Add up n words: the hashes of all, the number of numbers, and the hashes of those."""
    cdef Sums sums
    cdef int64_t word
    sums.words, sums.figures, sums.numbers = 0, 0, 0
    for word in range(n):
        sums.words += code[word]
        if code[word] & 1:
            sums.figures += code[word]
            sums.numbers += 1
    return sums
