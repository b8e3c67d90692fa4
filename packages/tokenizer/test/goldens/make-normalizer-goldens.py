"""Writes normalizers.json: digests of what the Rust `tokenizers` library makes of characters and texts, offsets included.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    /tmp/venv/bin/python packages/tokenizer/test/goldens/make-normalizer-goldens.py

A digest is FNV-1a of 32 bits over numbers (not bytes): the normalized text's UTF-16 units, then start and end of every character
of it. Every character from U+0000 to U+1FFFF is in it, as are compatibility ideographs and tags.
"""

import json
import pathlib
import struct

import tokenizers
from normalizer_cases import CURIOUS, PICKED, RANGES, Seeded, aligned, block_text, load, of_characters, of_texts

SEED = 20240229
TEXTS = 1500
GROUP = 50
BLOCKS = [*range(0xD8), *range(0xE0, 0x200), *range(0x2F8, 0x2FC), 0xE00, 0xE01]


def digest(hash, result):
    if result is None:
        numbers = [0xFFFFFFFF]
    else:
        text, spans = result
        data = text.encode("utf-16-le")
        numbers = [*struct.unpack(f"<{len(data) // 2}H", data), *spans]
    for n in numbers:
        hash = ((hash ^ n) * 16777619) & 0xFFFFFFFF
    return hash


def joined_digest(normalizer, texts):
    hash = 0x811C9DC5
    for text in texts:
        hash = digest(hash, aligned(normalizer, text))
    return f"{hash:08x}"


def text_digests(normalizer):
    seeded = Seeded(SEED)
    out = [joined_digest(normalizer, CURIOUS)]
    for _ in range(TEXTS // GROUP):
        out.append(joined_digest(normalizer, [seeded.text() for _ in range(GROUP)]))
    return " ".join(out)


def block_digests(normalizer):
    return " ".join(joined_digest(normalizer, [block_text(b)]) for b in BLOCKS)


def main():
    cases = []
    for spec in of_characters():
        cases.append({"normalizer": spec, "texts": text_digests(load(spec)), "blocks": block_digests(load(spec))})
    for spec in of_texts():
        cases.append({"normalizer": spec, "texts": text_digests(load(spec))})
    metadata = {"tokenizers": tokenizers.__version__, "seed": SEED, "script": "make-normalizer-goldens.py"}
    out = {"metadata": metadata, "group": GROUP, "curious": CURIOUS, "blocks": BLOCKS, "ranges": RANGES, "picked": PICKED, "cases": cases}
    path = pathlib.Path(__file__).parent / "normalizers.json"
    path.write_text(json.dumps(out, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size)


main()
