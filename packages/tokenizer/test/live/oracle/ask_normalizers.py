"""What the Rust library's normalizers make of every character and of random texts.

Of the texts of an answer, those that change (text, or place in the original) are told by number.
"""

from normalizer_cases import Seeded, aligned, block_text, load, of_characters, of_texts, units

kept = {}


def specs(_):
    """`characters`: those for which every character is a case of its own."""
    return {"characters": of_characters(), "texts": of_texts()}


def loaded(question):
    name = str(question["normalizer"])
    if name not in kept:
        kept[name] = load(question["normalizer"])
    return kept[name]


def change(normalizer, text, by_text=False):
    """What a text becomes; None where nothing happens. `by_text`: offsets are not looked at where the text stays."""
    if by_text and normalizer.normalize_str(text) == text:
        return None
    result = aligned(normalizer, text)
    if result is not None and result[0] == text:
        places = units(text)
        if result[1] == [x for pair in zip(places, places[1:]) for x in pair]:
            return None
    return {"panic": True} if result is None else {"text": result[0], "spans": result[1]}


def numbered(results):
    return {i: result for i, result in enumerate(results) if result is not None}


def blocks(question):
    """The characters of each block of 256 alone, and all of it in one text."""
    normalizer = loaded(question)

    def of(block):
        alone = [change(normalizer, chr(c), True) for c in range(256 * block, 256 * block + 256)]
        # Far out, nearly all is unassigned.
        return numbered([*alone, change(normalizer, block_text(block), block >= 0x400)])

    return [of(block) for block in question["blocks"]]


def texts(question):
    """The first random texts of a seed."""
    seeded = Seeded(question["seed"])
    given = [seeded.text() for _ in range(question["count"])]
    return {"texts": given, "changed": numbered(change(loaded(question), text) for text in given)}
