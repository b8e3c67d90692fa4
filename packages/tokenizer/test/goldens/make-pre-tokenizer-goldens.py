"""Writes pre-tokenizers.json: pieces of texts by every pre-tokenizer and option, as the Rust `tokenizers` library has them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/test/goldens/make-pre-tokenizer-goldens.py

Spans are in UTF-16 units. For what depends on single characters, every code point is tried between letters, and the shapes
of the results are kept as digests of 256 each.
"""

import json
import pathlib

import tokenizers
from tokenizers import PreTokenizedString, Tokenizer, pre_tokenizers

from offsets import utf16

HERE = pathlib.Path(__file__).parent

TEXTS = [
    "",
    " ",
    "-",
    "Hello, world! It's a test; they'd've said we'll see 'em.",
    "  two  spaces \t tab\r\n\n line\u2028 \u00a0\u3000wide ",
    "--a--b-c---",
    "\u2581 \u2581a\u2581\u2581b c  d",
    "12ab34 3.14 1,000½²Ⅷ٣٤x²\U00011de1",
    "どこで生れ。Yes ー東京タワー  한국어 русский!",
    " \u0301é e\u0301 naïve 😀👍🏽x\U00016ff5 𠀀 ㋿",
    "¡¿«»„“”—…·•†‡§©™ $€£ ^`~|<>=+_ \u2010؟،",
    "abcabcab aab",
]


def split(pattern, behavior, invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
PATTERNS = [{"String": "-"}, {"Regex": "\\s+"}, {"String": ""}, {"Regex": "b*"}]
GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
LLAMA3 = (
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
)


def metaspace(scheme, split=True, replacement="\u2581"):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": scheme, "split": split}


def sequence(*parts):
    return {"type": "Sequence", "pretokenizers": list(parts)}


DIGITS = {"type": "Digits", "individual_digits": True}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
SPACES = {"type": "WhitespaceSplit"}
PUNCTUATION = {"type": "Punctuation", "behavior": "Isolated"}

COMPONENTS = (
    [split(p, b, i) for p in PATTERNS[:2] for b in BEHAVIORS for i in (False, True)]
    + [split(p, b, i) for p in PATTERNS[2:] for b in BEHAVIORS for i in (False, True) if b != "Isolated" or not i]
    + [split({"Regex": GPT2}, "Isolated"), split({"Regex": GPT2}, "Removed", True), split({"Regex": GPT2}, "Contiguous"), split({"Regex": LLAMA3}, "Isolated")]
    + [{"type": "Punctuation", "behavior": b} for b in BEHAVIORS]
    + [{"type": "Digits", "individual_digits": i} for i in (False, True)]
    + [metaspace(s, split) for s in ("always", "never", "first") for split in (True, False)]
    + [metaspace("always", True, "_"), metaspace("always", True, " "), metaspace("first", True, "\U0001f600")]
    + [{"type": "CharDelimiterSplit", "delimiter": d} for d in ("-", " ", "😀")]
    + [{"type": "FixedLength", "length": n} for n in (1, 3, 5)]
    + [{"type": "UnicodeScripts"}, {"type": "Whitespace"}, SPACES, {"type": "BertPreTokenizer"}]
    + [{"type": "ByteLevel", "add_prefix_space": a, "trim_offsets": True, "use_regex": r} for a in (False, True) for r in (False, True)]
    + [
        sequence(),
        sequence(SPACES, PUNCTUATION),
        sequence(SPACES, metaspace("first")),
        sequence(SPACES, metaspace("always")),
        sequence(metaspace("first"), metaspace("always", True, "_")),
        sequence({"type": "UnicodeScripts"}, metaspace("first")),
        sequence(split({"Regex": "\\d"}, "Isolated"), metaspace("first", False)),
        sequence(split({"Regex": LLAMA3}, "Isolated"), BYTE_LEVEL),
        sequence(DIGITS, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}),
        sequence(metaspace("always"), {"type": "FixedLength", "length": 2}),
    ]
)

# What is written for what is read; null: refused.
JSON = [
    {"type": "Punctuation"},
    {"type": "Punctuation", "behavior": "contiguous"},
    {"type": "Digits"},
    {"type": "FixedLength"},
    {"type": "FixedLength", "length": -1},
    {"type": "FixedLength", "length": 2.5},
    {"type": "CharDelimiterSplit", "delimiter": "ab"},
    {"type": "CharDelimiterSplit", "delimiter": ""},
    {"type": "CharDelimiterSplit"},
    {"type": "Metaspace", "replacement": "_"},
    {"type": "Metaspace"},
    {"type": "Metaspace", "replacement": "__"},
    {"type": "Metaspace", "replacement": "_", "str_rep": "x", "add_prefix_space": True},
    {"type": "Metaspace", "replacement": "_", "add_prefix_space": True, "prepend_scheme": "first"},
    {"type": "Metaspace", "replacement": "_", "add_prefix_space": True, "prepend_scheme": "never"},
    {"type": "Metaspace", "replacement": "_", "add_prefix_space": False},
    {"type": "Metaspace", "replacement": "_", "add_prefix_space": False, "prepend_scheme": "never"},
    {"type": "Metaspace", "replacement": "_", "add_prefix_space": False, "prepend_scheme": "first"},
    {"type": "Metaspace", "replacement": "_", "add_prefix_space": None, "split": None, "str_rep": None},
    {"type": "Metaspace", "replacement": "_", "prepend_scheme": None},
    {"type": "Metaspace", "replacement": "_", "prepend_scheme": "First"},
    {"type": "Metaspace", "replacement": "_", "split": False},
    {"type": "Split", "pattern": {"String": "a"}, "behavior": "Removed"},
    {"type": "Split", "pattern": {"String": "a"}, "invert": False},
    {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Removed", "invert": False},
    {"type": "Split", "pattern": "a", "behavior": "Removed", "invert": False},
    {"type": "Split", "pattern": {}, "behavior": "Removed", "invert": False},
    {"type": "Split", "pattern": {"String": "a", "Regex": "b"}, "behavior": "Removed", "invert": False},
    {"type": "Split", "pattern": {"String": "a"}, "behavior": "removed", "invert": False},
    {"type": "Split", "pattern": {"Regex": "a+"}, "behavior": "MergedWithNext", "invert": True},
    {"type": "ByteLevel"},
    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False},
    {"type": "Sequence", "pretokenizers": []},
    {"type": "Sequence"},
    {"type": "Sequence", "pretokenizers": [None]},
    {"type": "Sequence", "pretokenizers": [sequence({"type": "UnicodeScripts"})]},
    {"type": "Delimiter", "delimiter": "-"},
    {"type": "Other"},
]

# Where texts begin at other places than 0: added tokens, and normalizers that take something from the beginning.
FIRST_TEXTS = ["a b", " a b", "<s>a b", "<s> a", "a<s>b <n>c", "  a<n> b", "\x01a", "\x01 a<n>\x01b", "", "<n>a"]
CLEAN = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
NORMALIZERS = [None, CLEAN]


def pieces(pre_tokenizer, text):
    string = PreTokenizedString(text)
    pre_tokenizer.pre_tokenize(string)
    # A text that nothing divides stays one piece there, even where it is empty.
    splits = [s for s in string.get_splits("original", "char") if s[0]]
    p = utf16(text)
    return [[s[0] for s in splits], [p[x] for s in splits for x in s[1]]]


def tokenizer_json(pre_tokenizer, normalizer=None, added=()):
    characters = ["<unk>"] + list("ab c\u2581_\tĠ<>sn")
    tokens = [
        {"id": len(characters) + i, "content": c, "single_word": False, "lstrip": False, "rstrip": False, "normalized": n, "special": False}
        for i, (c, n) in enumerate(added)
    ]
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": {c: i for i, c in enumerate(characters)}, "merges": []}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": None, "model": model}


def load(json_object):
    return Tokenizer.from_str(json.dumps(json_object))


def written(pre_tokenizer):
    try:
        return json.loads(load(tokenizer_json(pre_tokenizer)).to_str())["pre_tokenizer"]
    except Exception:
        return None


def firsts():
    cases = []
    for pre_tokenizer in [metaspace("first"), sequence(SPACES, metaspace("first", False))]:
        for normalizer in NORMALIZERS:
            given = tokenizer_json(pre_tokenizer, normalizer, [("<s>", False), ("<n>", True)])
            tokenizer = load(given)
            rows = []
            for text in FIRST_TEXTS:
                encoding = tokenizer.encode(text)
                rows.append([text, encoding.tokens, [x for o in encoding.offsets for x in o]])
            cases.append({"tokenizer": given, "rows": rows})
    return cases


def fnv(data):
    h = 0x811C9DC5
    for b in data.encode():
        h = ((h ^ b) * 0x01000193) & 0xFFFFFFFF
    return h


BY_CHARACTER = [
    PUNCTUATION,
    DIGITS,
    {"type": "UnicodeScripts"},
    {"type": "Whitespace"},
    SPACES,
    {"type": "BertPreTokenizer"},
]


def digests(component):
    """A digest per 256 code points of how "あ" + c + "a" is divided; equal ones that follow each other with their number."""
    pre_tokenizer = load(tokenizer_json(component)).pre_tokenizer
    out = []
    for block in range(0, 0x110000, 256):
        shapes = []
        for code in range(block, block + 256):
            if not 0xD800 <= code <= 0xDFFF:
                shapes.append(",".join(str(len(p)) for p, _ in pre_tokenizer.pre_tokenize_str("あ" + chr(code) + "a")))
        digest = fnv(";".join(shapes))
        if out and out[-2] == digest:
            out[-1] += 1
        else:
            out += [digest, 1]
    return out


def main():
    cases = []
    for component in COMPONENTS:
        pre_tokenizer = load(tokenizer_json(component)).pre_tokenizer
        cases.append({"component": component, "rows": [pieces(pre_tokenizer, t) for t in TEXTS]})
    out = {
        "library": f"tokenizers {tokenizers.__version__}",
        "texts": TEXTS,
        "cases": cases,
        "json": [[given, written(given)] for given in JSON],
        "first": firsts(),
        "digests": [[component, digests(component)] for component in BY_CHARACTER],
    }
    target = HERE / "pre-tokenizers.json"
    target.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(target.stat().st_size)


main()
