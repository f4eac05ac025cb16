from copydesk.transforms.arrays import Bytes, Codes, Flags, Hashes, Ints

def find_odd(data: Bytes, offsets: Ints, odd: Flags) -> None: ...
def read_texts(
    data: Bytes,
    offsets: Ints,
    spaced: Bytes,
    spaced_offsets: Ints,
    is_odd: Flags,
    longest: int,
    scale: int,
    least: int,
    room: Hashes,
    first: Ints,
    codes: Codes,
    keys: Hashes,
    numbers: Hashes,
    anchors: Codes,
    n_anchors: Ints,
    n_sampled: Ints,
) -> int: ...
