from copydesk.transforms.arrays import Codes, Flags, Hashes, Ints

def find_buckets(entries: Hashes, anchors: Codes, begin: Ints, count: Ints) -> None: ...
def count_meetings(entries: Hashes, heads: int) -> int: ...
def count_shared(
    entries: Hashes,
    is_frame: Flags,
    is_new: Flags,
    numbers: Hashes,
    heads: int,
    some_numbers: int,
    same_numbers: float,
    found: Codes,
) -> int: ...
