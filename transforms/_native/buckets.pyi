from copydesk.transforms.arrays import Codes, Flags, Hashes, Ints

def find_buckets(postings: Hashes, anchors: Codes, begin: Ints, count: Ints) -> None: ...
def count_bucket_pairs(postings: Hashes, heads: int) -> int: ...
def count_shared(
    postings: Hashes,
    is_template: Flags,
    is_new: Flags,
    numbers: Hashes,
    heads: int,
    some_numbers: int,
    same_numbers: float,
    found: Codes,
) -> int: ...
