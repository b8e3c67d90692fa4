"""Writes the tables of src/unicode: what the Rust `tokenizers` library knows of every character, found by asking it.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/scripts/make-unicode-tables.py [class normal lower script grapheme]

Every code point is put through the component that uses the property, so the tables carry that library's Unicode versions
(its crates disagree among themselves), whatever Unicode the JavaScript engine has. Takes about a minute.
"""

import pathlib
import struct
import sys

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xD7A4)


def matches(pattern):
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    return lambda c: split.pre_tokenize_str(chr(c)) == []


def isolated(pre_tokenizer):
    """True where `c` is split off from the letters around it, and kept."""
    return lambda c: len(pre_tokenizer.pre_tokenize_str("a" + chr(c) + "b")) == 3


def removed_between(pre_tokenizer):
    return lambda c: [p for p, _ in pre_tokenizer.pre_tokenize_str("a" + chr(c) + "b")] == ["a", "b"]


def erased(normalizer):
    return lambda c: normalizer.normalize_str("a" + chr(c) + "b") == "ab"


def bert(**on):
    flags = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**flags, **on})


CLASSES = {
    "LETTER": ("`\\p{L}` of the regex engine behind ByteLevel", matches(r"\p{L}")),
    "NUMBER": ("`\\p{N}` of the same", matches(r"\p{N}")),
    "SPACE": ("White_Space", removed_between(pre_tokenizers.WhitespaceSplit())),
    "WORD": ("`\\w` of the Whitespace pre-tokenizer", lambda c: len(pre_tokenizers.Whitespace().pre_tokenize_str("a" + chr(c) + "b")) == 1),
    "PUNCTUATION": ("what the Bert pre-tokenizer isolates", isolated(pre_tokenizers.BertPreTokenizer())),
    "CONTROL": ("what the Bert normalizer's clean_text removes", erased(bert(clean_text=True))),
    "NONSPACING_MARK": ("Mn, what the Bert normalizer's strip_accents removes", erased(bert(strip_accents=True))),
    "COMBINING_MARK": ("M, what StripAccents removes", erased(normalizers.StripAccents())),
}


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def code(numbers):
    """Each number as the letter that stands for its remainder by 52, after the quotient in decimal where it is not 0."""
    return "".join(f"{n // 52 or ''}{LETTERS[n % 52]}" for n in numbers)


def signed(n):
    return 2 * n if n >= 0 else -2 * n - 1


def spans_of(members):
    """Gap since the last span's end and length of every span of code points in `members`."""
    numbers, last, inside = [], 0, False
    for c in range(0x110001):
        if (c in members) != inside:
            numbers.append(c - last)
            last, inside = c, not inside
    return code(numbers)


def runs_of(flags):
    """Gap since the last run, length and value of every run of code points with equal values (not 0), column by column."""
    runs, last, start = [], 0, 0
    for c in range(1, 0x110001):
        if c < 0x110000 and flags[c] == flags[start]:
            continue
        if flags[start]:
            runs.append((start - last, c - start, flags[start]))
            last = c
        start = c
    return " ".join(code(column) for column in zip(*runs))


def write(name, lines):
    head = [
        "// Made by scripts/make-unicode-tables.py; do not edit.",
        "",
        f"/** The library that was asked. */\nexport const SOURCE = 'tokenizers {tokenizers.__version__}';",
        "",
    ]
    target = pathlib.Path(__file__).parent.parent / f"src/unicode/{name}.ts"
    target.write_text("\n".join(head + lines) + "\n")
    print(target.name, target.stat().st_size, file=sys.stderr)


def constant(name, comment, runs):
    return [f"/** {comment} */", f"export const {name} =", f"  '{runs}';"]


def class_table():
    spaces = [c for c in CODE_POINTS if CLASSES["SPACE"][1](c)]
    assert spaces == [c for c in CODE_POINTS if matches(r"\s")(c)], "the two engines' white space differ"
    out = []
    for name, (comment, test) in CLASSES.items():
        comment = f"{comment[0].upper() + comment[1:]}: gap since the last span's end and length of each span (see runs.ts)."
        out += constant(f"{name}_SPANS", comment, spans_of({c for c in CODE_POINTS if test(c)})) + [""]
    write("class-runs", out[:-1])


def mark_ranks(nfd):
    """For every mark that canonical ordering moves, its place (from 1) among the combining classes."""
    moves = [c for c in CODE_POINTS if nfd(chr(c)) == chr(c) and (
        nfd(chr(c) + "\u0334") == "\u0334" + chr(c) or nfd("\u0345" + chr(c)) == chr(c) + "\u0345")]
    below = lambda a, b: nfd(chr(b) + chr(a)) == chr(a) + chr(b)
    classes = []  # of equal marks, ascending
    for c in moves:
        low, high = 0, len(classes)
        while low < high:
            middle = (low + high) // 2
            if below(classes[middle][0], c):
                low = middle + 1
            else:
                high = middle
        if low < len(classes) and not below(c, classes[low][0]):
            classes[low].append(c)
        else:
            classes.insert(low, [c])
    assert len(classes) < 61
    return {c: rank for rank, marks in enumerate(classes, 1) for c in marks}


def normal_table():
    nfc, nfd, nfkc, nfkd = (getattr(normalizers, form)().normalize_str for form in ("NFC", "NFD", "NFKC", "NFKD"))
    decomposed = {c: nfd(chr(c)) for c in CODE_POINTS if nfd(chr(c)) != chr(c)}
    kinds = {c: 2 if nfc(chr(c)) == chr(c) else 3 for c in decomposed}
    for c in CODE_POINTS:
        if c not in kinds and nfkd(chr(c)) != chr(c):
            kinds[c] = 1
    places = mark_ranks(nfd)
    for c, kind in kinds.items():
        if kind == 2 and ord(decomposed[c][-1]) not in places:
            places[ord(decomposed[c][-1])] = 63
    for c, kind in kinds.items():
        first = ord((nfkd(chr(c)) if kind == 1 else decomposed[c])[0])
        if first in places:
            assert kind != 2
            places[c] = 61 if kind == 1 else places[first]
        elif kind == 2 and nfkc(chr(c)) != chr(c):
            assert c not in places
            places[c] = 62
    flags = [kinds.get(c, 0) | places.get(c, 0) << 2 for c in range(0x110000)]
    comment = "Gap since the last run's end, length and value (see normal.ts) of each run, column by column (see runs.ts)."
    write("normal-runs", constant("NORMAL_RUNS", comment, runs_of(flags)))


def lower_table():
    lower = normalizers.Lowercase().normalize_str
    deltas = {c: ord(lower(chr(c))) - c for c in CODE_POINTS if len(lower(chr(c))) == 1 and lower(chr(c)) != chr(c)}
    assert [c for c in CODE_POINTS if len(lower(chr(c))) != 1] == [0x130] and lower("\u0130") == "i\u0307"
    runs, last, left = [], 0, sorted(deltas)
    while left:
        start, length = left[0], 0
        step = 2 if start + 1 not in deltas or deltas[start + 1] != deltas[start] else 1
        while deltas.get(start + step * length) == deltas[start]:
            length += 1
        runs.append((signed(start - last), length, step, signed(deltas[start])))
        # Runs of every second character may enclose others, so that a gap may be negative.
        last = start + step * length
        taken = set(range(start, last, step))
        left = [c for c in left if c not in taken]
    comment = "Gap since the end of the last run, count, step and what to add of each run of characters with lower case, column by column (see runs.ts). Gaps and what to add are signed."
    write("lower-runs", constant("LOWER_RUNS", comment, " ".join(code(column) for column in zip(*runs))))


def script_table():
    pieces = pre_tokenizers.UnicodeScripts().pre_tokenize_str
    apart = lambda a, b: len(pieces(chr(a) + chr(b))) == 2
    examples = [ord("a"), 0x3B1]
    numbers = bytearray(0x110000)
    for c in CODE_POINTS:
        if not apart(examples[0], c) and not apart(examples[1], c):
            continue  # of any script
        if numbers[c - 1] and not apart(c - 1, c):
            numbers[c] = numbers[c - 1]
            continue
        for k, example in enumerate(examples):
            if not apart(example, c):
                numbers[c] = k + 1
                break
        else:
            examples.append(c)
            numbers[c] = len(examples)
    comment = "Gap since the last run's end, length and number of each run of one script, column by column (see runs.ts)."
    write("script-runs", constant("SCRIPT_RUNS", comment, runs_of(numbers)))


def any_byte():
    """A normalizer that makes one X of a grapheme of less than 6 bytes, and of every character of longer ones."""
    units = [0] * 1024
    units[0] = 256 << 10
    for c in range(1, 256):
        units[256 ^ c] = c | 1 << 8 | (256 ^ c ^ 512) << 10
    units[512] = 1 << 31
    units = struct.pack(f"<{1 + len(units)}I", 4 * len(units), *units)
    return normalizers.Precompiled(units + b"X\0")


# How a character behaves beside others. Boundaries show where a short cluster (one X) becomes a long one (an X a character).
GRAPHEME = {"CONTROL": 1, "EXTEND": 2, "SPACING_MARK": 3, "PREPEND": 4, "LEADING": 5, "VOWEL": 6, "TRAILING": 7,
            "PICTOGRAPHIC": 8, "CONSONANT": 9, "LINKER": 10, "CONJUNCT_EXTEND": 11}


def grapheme_class(c, count):
    x = lambda before, after: count(before + chr(c) + after)
    if x("", "\u0300\u0301") == 2:
        return "CONTROL"
    if x("a", "") == 1:  # no boundary before it
        if x("\u0915", "\u0915\u0300") == 4:
            return "LINKER"
        if x("\u0915\u094d", "\u0915\u0300") == 5:
            return "CONJUNCT_EXTEND"
        return "EXTEND" if x("\u00a9", "\u200d\u00a9\u0300") == 5 else "SPACING_MARK"
    if x("", "a") == 1 and c >= 0x80:
        return "PREPEND"
    if x("\u094d", "") == 0:
        raise AssertionError(c)
    if x("", "\u094d\u0915\u0300") == 4:
        return "CONSONANT"
    if x("\u00a9\u200d", "") == 3:
        return "PICTOGRAPHIC"
    if x("", "\u11a8\u0300") == 3:
        return "TRAILING" if x("", "\u1161\u0300") != 3 else "VOWEL"
    return "LEADING" if x("", "\u1161\u0300") == 3 else None


def grapheme_table():
    normalize = any_byte().normalize_str
    count = lambda text: len(normalize(text))
    flags = bytearray(0x110000)
    for c in CODE_POINTS:
        name = None if c in HANGUL or 0x1F1E6 <= c <= 0x1F1FF or c == 0 else grapheme_class(c, count)
        flags[c] = GRAPHEME[name] if name else 0
    # U+0000 has no entry in any map, which is why it is not asked for.
    flags[0] = GRAPHEME["CONTROL"]
    out = []
    for name, value in GRAPHEME.items():
        out += [f"export const {name} = {value};"]
    comment = "Gap since the last run's end, length and class of each run, column by column (see runs.ts)."
    write("grapheme-runs", out + [""] + constant("GRAPHEME_RUNS", comment, runs_of(flags)))


TABLES = {"class": class_table, "normal": normal_table, "lower": lower_table, "script": script_table, "grapheme": grapheme_table}

for wanted in sys.argv[1:] or TABLES:
    TABLES[wanted]()
