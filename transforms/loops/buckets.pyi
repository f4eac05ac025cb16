from transforms.arrays import Codes, Flags, Hashes

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
