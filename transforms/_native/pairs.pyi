from copydesk.transforms.arrays import Codes, Floats, Ints

def align(
    code: Codes, first: Ints, one: Ints, other: Ints, limits: dict[str, float], found: Floats
) -> None: ...
