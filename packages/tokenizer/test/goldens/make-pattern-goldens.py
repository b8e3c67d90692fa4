"""Writes pattern-goldens.json beside it: where the known patterns divide texts, found by asking `tokenizers` (Oniguruma)
and `tiktoken` (Rust's regex crates). Bounds are in UTF-16 units; for long texts only a checksum of them is kept.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 tiktoken==0.14.0
    /tmp/venv/bin/python packages/tokenizer/test/goldens/make-pattern-goldens.py
"""

import importlib.metadata
import json
import pathlib
import random

import tiktoken
from tokenizers import Regex, pre_tokenizers
from tiktoken_ext import openai_public

SEED = 20240311
BYTES = {bytes([b]): b for b in range(256)}
CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + TAIL
WORDS = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+CONTRACTIONS|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*CONTRACTIONS|"
)
O200K = WORDS.replace("CONTRACTIONS", CONTRACTIONS + "?") + r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + TAIL
TEKKEN = WORDS.replace("CONTRACTIONS", "") + r"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + TAIL
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
OLD_TIKTOKEN = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
# load_tiktoken_bpe would fetch the ranks; the patterns alone are wanted.
openai_public.load_tiktoken_bpe = lambda *_, **__: {}
TIKTOKEN = {name: make()["pat_str"] for name, make in openai_public.ENCODING_CONSTRUCTORS.items() if name != "gpt2"}

PATTERNS = [
    ("oniguruma", GPT2),
    ("oniguruma", CL100K),
    ("oniguruma", CL100K.replace("{1,3}", "")),
    ("oniguruma", OLD_TIKTOKEN),
    ("oniguruma", TIKTOKEN["r50k_base"]),
    ("oniguruma", TIKTOKEN["cl100k_base"]),
    ("oniguruma", O200K),
    ("oniguruma", TEKKEN),
    ("rust", TIKTOKEN["r50k_base"]),
    ("rust", TIKTOKEN["cl100k_base"]),
    ("rust", TIKTOKEN["o200k_base"]),
    ("rust", OLD_TIKTOKEN),
]

POOLS = [
    list("abcxyzABCXYZ"),
    list("sStTmMdDrReEvVlL\u017f") + ["'"] * 8,
    list(" \t\n\r\u000b\u0085\u00a0\u2003\u2028\u3000") + [" "] * 4,
    list("0123456789\u00b2\u00bd\u2167\u0663\u0967"),
    list(".,!?/\\'\"-_#$+<>\u00a7\u2026\u3002\ufffd"),
    list("\u0301\u0308\u064b\u0940\u200d\ufe0f\u20dd"),
    list("\u00e9\u00c9\u0142\u01c5\u02b0\u00aa\u65e5\u672c\uac00\u05d0\u0e01\u00df\u1e9e"),
    list("\U0001f600\U0001d400\U0001d41a\U00020000\U00010400\U00010428\U0001e900\U0001d7d8"),
]
# Every code point where the patterns look for something.
FRAME = "{0}a{0} {0}A{0}'{0}e1{0}\n"


def utf16(text):
    return len(text) + sum(c > "\uffff" for c in text)


def divide(engine, pattern, text):
    if engine == "rust":
        # What the two engines read differently; tiktoken is asked below whether that is all.
        pattern = pattern.replace("{1,3}+", "{1,3}")
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    pieces = [piece for piece, _ in split.pre_tokenize_str(text)]
    assert "".join(pieces) == text
    if engine == "rust":
        confirm(original[pattern], text, [piece.encode() for piece in pieces])
    return pieces


original = {pattern.replace("{1,3}+", "{1,3}"): pattern for engine, pattern in PATTERNS if engine == "rust"}


def confirm(pattern, text, pieces):
    """tiktoken tells no bounds. With every piece and every two neighbours as tokens it gives one token a piece only if the
    pieces are its own: a shorter one could not become that token, and of a longer one two neighbours would be merged."""
    ranks = dict(BYTES)
    for token in pieces + [a + b for a, b in zip(pieces, pieces[1:])]:
        ranks.setdefault(token, len(ranks))
    encoding = tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    assert encoding.encode_ordinary(text) == [ranks[piece] for piece in pieces], (pattern, text)


def checksum(engine, pattern):
    """FNV-1a over the lengths of all pieces, of one text for each 2^12 code points of the planes that hold characters."""
    value = 0x811C9DC5
    for block in [*range(0, 0x34000, 0x1000), 0xE0000]:
        text = "".join(FRAME.format(chr(c)) for c in range(block, block + 0x1000) if not 0xD800 <= c <= 0xDFFF)
        for piece in divide(engine, pattern, text):
            value = (value ^ utf16(piece)) * 0x01000193 & 0xFFFFFFFF
    return value


def texts():
    rng = random.Random(SEED)
    out = ["", "It's DON'T they'LL 'tis '", "  a\n\n  b \r\n", "1234567 12 1", "HelloWORLDfooBAR \u0301AB don'ts!! //\n\n/x"]
    for _ in range(160):
        pools = rng.sample(POOLS, rng.choice([2, 3, 4]))
        out.append("".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(1, 30))))
    return out


def main():
    rows = []
    for engine, pattern in PATTERNS:
        row = {"engine": engine, "pattern": pattern, "lengths": [[utf16(p) for p in divide(engine, pattern, t)] for t in texts()]}
        # One for each scanner; the others differ in spelling.
        if (engine, pattern) in [PATTERNS[0], PATTERNS[1], PATTERNS[6], PATTERNS[9]]:
            row["checksum"] = checksum(engine, pattern)
        rows.append(row)
    versions = {name: importlib.metadata.version(name) for name in ["tokenizers", "tiktoken"]}
    target = pathlib.Path(__file__).parent / "pattern-goldens.json"
    target.write_text(json.dumps({"versions": versions, "seed": SEED, "texts": texts(), "frame": FRAME, "patterns": rows}, separators=(",", ":")))
    print(target.name, target.stat().st_size)


main()
