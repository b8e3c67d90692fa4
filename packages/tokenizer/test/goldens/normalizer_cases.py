"""Normalizers to be compared, what the Rust library makes of a text, and texts that a seed repeats."""

import base64
import json
import pathlib
import struct
import tempfile

from tokenizers import PreTokenizedString, Regex, Tokenizer, pre_tokenizers

EACH = pre_tokenizers.Split(Regex("(?m:.)"), "isolated")

# SentencePiece's rules as `spm_train --normalization_rule_tsv` takes them: entries that begin one another, that make text longer,
# shorter and empty, of one and of more bytes and characters, of a grapheme and of more.
RULES = """41\t61
C5\t61 61
41 301\tE1
61 301\tE1
DF\t73 73
FF21\t41
AD\t
200B\t
3000\t20
20 20\t20
61 62 63\t78
E9\t65
1F600\t3A 29
301\t
D A\tA
A9 200D\t28
AC00\t1100 1161
"""


def own_charsmap():
    """The map SentencePiece compiles from RULES (`pip install sentencepiece==0.2.3`), out of a model of a few words."""
    import sentencepiece

    def varint(data, i):
        value = shift = 0
        while True:
            value |= (data[i] & 127) << shift
            shift, i = shift + 7, i + 1
            if data[i - 1] < 128:
                return value, i

    def field(data, wanted):
        """Content of the field of a protocol buffer whose fields before it are integers, floats or strings."""
        i = 0
        while i < len(data):
            key, i = varint(data, i)
            if key & 7 == 2:
                size, i = varint(data, i)
                if key >> 3 == wanted:
                    return data[i : i + size]
                i += size
            elif key & 7 == 5:
                i += 4
            else:
                _, i = varint(data, i)
        raise KeyError(wanted)

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "words").write_text("\n".join(f"the quick brown fox {i} jumps over lazy dogs" for i in range(200)))
        (folder / "rules").write_text(RULES)
        sentencepiece.SentencePieceTrainer.train(
            input=str(folder / "words"), model_prefix=str(folder / "model"), vocab_size=60, hard_vocab_limit=False,
            normalization_rule_tsv=str(folder / "rules"), minloglevel=5)
        return field(field((folder / "model.model").read_bytes(), 3), 2)


def any_byte_charsmap():
    """Makes one X of every grapheme of less than 6 bytes and of every character of a longer one, which shows where they end."""
    units = [0] * 1024
    units[0] = 256 << 10
    for c in range(1, 256):
        units[256 ^ c] = c | 1 << 8 | (256 ^ c ^ 512) << 10
    units[512] = 1 << 31
    return struct.pack(f"<{1 + len(units)}I", 4 * len(units), *units) + b"X\0"


def precompiled(charsmap):
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()}


def sequence(*normalizers):
    return {"type": "Sequence", "normalizers": list(normalizers)}


def replace(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def replace_regex(pattern, content):
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}


def bert(**on):
    flags = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": None, "lowercase": False}
    return {"type": "BertNormalizer", **flags, **on}


def of_characters():
    """Normalizers for which every character is a case of its own."""
    plain = [{"type": t} for t in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt")]
    return plain + [
        bert(clean_text=True, handle_chinese_chars=True, lowercase=True),
        bert(clean_text=True, handle_chinese_chars=True),
        precompiled(any_byte_charsmap()),
    ]


def of_texts():
    nothing, strip = {"type": "Prepend", "prepend": ""}, {"type": "Strip", "strip_left": True, "strip_right": True}
    nfd, accents, lower = {"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}
    own = precompiled(own_charsmap())
    return [
        strip,
        {"type": "Strip", "strip_left": True, "strip_right": False},
        {"type": "Strip", "strip_left": False, "strip_right": True},
        {"type": "Prepend", "prepend": "▁😀"},
        nothing,
        {"type": "ByteLevel"},
        replace(" ", "▁"),
        replace("a", ""),
        replace("a", "x😀y"),
        replace("", "-"),
        *(replace_regex(*case) for case in [("^", "▁"), ("$", "!"), (" {2,}", "▁"), ("a*", "-"), ("(?i)a|b", "xy"), (r"\b", "|"), (".", "😀")]),
        sequence({"type": "NFKD"}, replace_regex(r"\p{M}+", "°"), lower, replace("°", ""), {"type": "NFC"}),
        sequence(replace_regex("^", "▁"), strip),
        bert(strip_accents=True),
        bert(strip_accents=False, lowercase=True),
        own,
        sequence(),
        sequence(nfd, accents, lower, {"type": "NFKC"}),
        sequence({"type": "NFKD"}, {"type": "NFC"}, lower, nfd),
        sequence(own, nfd, lower, strip, {"type": "ByteLevel"}),
        sequence({"type": "Prepend", "prepend": "  ▁"}, replace(" ", "▁▁"), {"type": "NFKC"}, accents, replace("a", ""), nothing),
        # A normalizer after a character that stands for nothing repeats or panics.
        sequence(nothing, strip),
        sequence(nothing, accents),
        sequence(nothing, own),
        sequence(nothing, lower),
        sequence(nothing, {"type": "Nmt"}),
        sequence(replace("", "-"), {"type": "NFC"}),
        sequence(nothing, replace("", "▁"), replace("▁", "__"), strip),
        sequence(nothing, replace("a", "xy"), accents),
        sequence(nothing, {"type": "Prepend", "prepend": "▁"}, lower),
    ]


def load(spec):
    parts = {k: None for k in ("truncation", "padding", "pre_tokenizer", "post_processor", "decoder")}
    model = {"type": "BPE", "vocab": {}, "merges": []}
    return Tokenizer.from_str(json.dumps({"version": "1.0", "added_tokens": [], "normalizer": spec, "model": model, **parts})).normalizer


def units(text):
    """Place in UTF-16 units of every character, and of the end."""
    at, places = 0, []
    for c in text:
        places.append(at)
        at += 2 if ord(c) > 0xFFFF else 1
    return places + [at]


def aligned(normalizer, text):
    """The normalized text, and for every character of it start and end in the original; None where the library panics."""
    try:
        normalizer.normalize_str(text)  # the other way would end the process
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None
    string = PreTokenizedString(text)
    string.normalize(normalizer.normalize)
    EACH.pre_tokenize(string)
    splits = string.get_splits("original", "char")
    places = units(text)
    return "".join(piece for piece, _, _ in splits), [places[x] for _, span, _ in splits for x in span]


def block_text(block):
    return "".join(f"a{chr(c)}b{chr(c)} " for c in range(256 * block, 256 * block + 256))


RANGES = [
    (0x20, 0x7F), (0x00, 0x20), (0x7F, 0xC0), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x530), (0x591, 0x700), (0x900, 0xE00),
    (0xE00, 0x1100), (0x1100, 0x1200), (0xA960, 0xA980), (0xAC00, 0xAC80), (0xD7B0, 0xD800), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00),
    (0x1E00, 0x2070), (0x20D0, 0x2200), (0x2460, 0x2500), (0x3000, 0x3400), (0xF900, 0xFB50), (0xFB50, 0xFE00), (0xFE00, 0x10000),
    (0x10400, 0x10500), (0x105C0, 0x10600), (0x11000, 0x11A00), (0x16000, 0x17000), (0x1D150, 0x1D200), (0x1D400, 0x1D500),
    (0x1E900, 0x1E960), (0x1F1E6, 0x1F200), (0x1F3FB, 0x1F400), (0x1F600, 0x1F700), (0x2F800, 0x2FA20), (0xE0000, 0xE0200),
]
PICKED = [
    "aAeEsSqQ ", " ae\u3000\t\n", "\u0300\u0301\u0323\u0316\u0345\u0338\u0327\u0304\u030a\u0344\u0f71\u0f73\u0f75\u3099",
    "\u09be\u09c7\U0001133e\U00011347\U000110ba\U00011099\u0130\u00df\u03a3\u1e9b\u03d3\u212b\u00e9\u01d5",
    "\u1100\u1161\u11a8\uac00\uac01\uff9e\uff9f\uffa1\uffc2",
    " a\u0301\u00ad\u200b\u200d\u00a9\r\n\u3000\u0915\u094d\u0300\u0600\u00e9AbcC\u0903\u2122\U0001f600", "abcA \u0301\u200b\u00ad",
    "\u00a9\u00a9\u200d\u0300\u00ae", "\u0915\u0915\u094d\u0300\u200d\u0905", "\u1100\u1161\u11a8\uac00\uac01\u0300\u0301",
]

# What chance would hardly make.
CURIOUS = [
    "", "\u0915\u094d\u0915\u0300", "\u0915\u094d\u200d\u0915\u0300", "\u0915\u0300\u094d\u0915\u0300", "\u0915a\u094d\u0915\u0300",
    "\u00a9\u0300\u200d\u00a9\u0300", "\u00a9\u200d\u0300\u00a9\u0300", "\u00a9\u200d\u200d\u00a9\u0300", "\U0001f1e6\U0001f1e7\U0001f1e8\u0300",
    "\u1100\u1161\u11a8\u0300", "\uac00\u11a8\u0300", "\uac01\u1161\u0300", "\u11a8\u11a8\u0300", "\u1100\uac00\u0300",
    "\u0600\u00e9\u0300", "\u0600\r\n\u0300", "\r\n\r\u0300\n", "\u0903\u0903", "a\u0903\u0300", "\u00ad\u0301\u200b",
    "\u0301\u0323a\u0301\u0323\u0301", "\u0344\u0323", "\u0f73\u0f71", "\uac00\u11a7\u11a8", "\U00011099\U000110ba", "\u1e9b\u0323",
]


class Seeded:
    """A linear congruential generator that is easy to have in any language."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % n

    def text(self):
        sources = [self.below(len(RANGES) + 2 * len(PICKED)) for _ in range(3)]
        out = []
        for _ in range(self.below(16)):
            k = sources[self.below(3)]
            if k < len(RANGES):
                low, high = RANGES[k]
                out.append(chr(low + self.below(high - low)))
            else:
                picked = PICKED[(k - len(RANGES)) % len(PICKED)]
                out.append(picked[self.below(len(picked))])
        return "".join(out)
