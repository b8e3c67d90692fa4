"""Tells, a JSON line each, what the Rust library's normalizers make of every character and of random texts: see normalizers.ts.

A line names a block of 256 characters or brings texts. Of its texts, those that change (text, or place in the original) are
told by number. Arguments: seed, and how many random texts.
"""

import json
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parent.parent / "goldens"))
sys.dont_write_bytecode = True

from normalizer_cases import Seeded, aligned, block_text, load, of_characters, of_texts, units  # noqa: E402

BLOCKS = [*range(0xD8), *range(0xE0, 0x1100)]
BATCH = 500


def changed(normalizer, text, by_text=False):
    """What a text becomes; None where nothing happens. `by_text`: offsets are not looked at where the text stays."""
    if by_text and normalizer.normalize_str(text) == text:
        return None
    result = aligned(normalizer, text)
    if result is not None and result[0] == text:
        places = units(text)
        if result[1] == [x for pair in zip(places, places[1:]) for x in pair]:
            return None
    return {"panic": True} if result is None else {"text": result[0], "spans": result[1]}


def tell(line, results):
    line["changed"] = {i: result for i, result in enumerate(results) if result is not None}
    print(json.dumps(line))


def main(seed, count):
    for spec in of_characters():
        normalizer = load(spec)
        print(json.dumps({"normalizer": spec}))
        for block in BLOCKS:
            alone = [changed(normalizer, chr(c), True) for c in range(256 * block, 256 * block + 256)]
            # Far out, nearly all is unassigned.
            tell({"block": block}, [*alone, changed(normalizer, block_text(block), block >= 0x400)])
    for spec in of_characters() + of_texts():
        normalizer = load(spec)
        seeded = Seeded(seed)
        print(json.dumps({"normalizer": spec}))
        for _ in range(count // BATCH):
            texts = [seeded.text() for _ in range(BATCH)]
            tell({"texts": texts}, [changed(normalizer, text) for text in texts])


main(int(sys.argv[1]), int(sys.argv[2]))
