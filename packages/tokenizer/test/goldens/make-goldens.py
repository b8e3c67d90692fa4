"""Writes the goldens beside it: what the Rust `tokenizers` library makes of texts, with offsets in UTF-16 units.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    GERBERT_DATA=<data folder> /tmp/venv/bin/python packages/tokenizer/test/goldens/make-goldens.py

The official vocabularies are read from the data folder and not copied; only ids and offsets are kept.
"""

import json
import os
import pathlib
import random

import tokenizers
from tokenizers import PreTokenizedString, Tokenizer, models, normalizers, pre_tokenizers, trainers

from offsets import utf16

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(os.environ["GERBERT_DATA"])
SEED = 20240229

TEXTS = [
    "",
    " ",
    "\n\n \t x",
    "Hello, world! It's a test; they'd've said we'll see 'em.",
    "  leading and trailing  ",
    "tabs\tand\r\nlines\u0085next\u2028line\u00a0nbsp\u3000wide",
    "Ünïcödé café naïve e\u0301 q\u0307\u0323 s\u0323\u0307 İstanbul ΣΑΣ ﬁ Å ａｂｃ",
    "ae\u0301\u0323x \u1100\u1161\u11a8z \u0958q \ufb03 \u1e9b\u0323 x\u0315\u0300\u05ae\u00c5b",
    "\u0301starts with a mark, \u0344 and \u0f43",
    "日本語のテキスト、中文字符。한국어 \u1100\u1161\u11a8 𠀀𪚥𬺰",
    "emoji 😀👍🏽👨‍👩‍👧‍👦🇩🇪 and \u200bzero\u200dwidth\ufeff bom",
    "control\u0000\u0001\u0007chars\u007f\u009f \ufffd replacement \ue000private",
    "numbers 3.14159 1,000,000 ½ ² Ⅷ ٣٤ १२ x²",
    "punct ¡¿«»„“”‚‘’—–…·•†‡§¶©®™ $€£¥ ^`~|<>=+ \u2010\u2011 ؟،",
    "[CLS] in the text [MASK] and <|endoftext|> [mask]",
    "a" * 150 + " " + "ab" * 60,
    "x  y   z    \n   w",
    "don't DON'T can'T 's'S ''s 'll'LL",
    "Ελληνικά русский עברית العربية हिन्दी ไทย తెలుగు",
    "\U0001d400\U0001d7d8 math \U00010400\U00010428 deseret",
    "https://example.org/a_b?c=d&e=%20 user@host.tld C++ C# .NET snake_case",
]


def spans(text, offsets):
    p = utf16(text)
    return [x for a, b in offsets for x in (p[a], p[b])]


def fuzz():
    rng = random.Random(SEED)
    pools = [
        [chr(c) for c in range(0x20, 0x7F)],
        list("  \t\n\r'.,-#"),
        [chr(c) for c in range(0xA0, 0x250)],
        [chr(c) for c in range(0x300, 0x370)],
        [chr(c) for c in [*range(0x370, 0x3D0), *range(0x410, 0x450), *range(0x5D0, 0x5EB), *range(0x905, 0x940)]],
        [chr(c) for c in [*range(0x1E00, 0x1F00), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0), *range(0x2150, 0x2190)]],
        [chr(c) for c in [*range(0x3040, 0x30FF), *range(0x4E00, 0x4E80), *range(0xAC00, 0xAC80), 0x3400, 0xF900]],
        [chr(c) for c in [*range(0x1F600, 0x1F640), 0x20000, 0x2F800, 0x1D400, 0x200D, 0xFE0F]],
        ["hello", "world", "un", "ing", "'s", "'re", " the ", "日本"],
    ]
    texts = []
    for _ in range(120):
        mix = rng.sample(pools, 3)
        texts.append("".join(rng.choice(rng.choice(mix)) for _ in range(rng.randrange(1, 25))))
    return texts


def official():
    out = {}
    for name, path in {
        "bert-base-uncased": "vocab/bert/bert-base-uncased/tokenizer.json",
        "bert-base-cased": "vocab/bert/bert-base-cased/tokenizer.json",
        "bert-base-multilingual-uncased": "vocab/bert/bert-base-multilingual-uncased/tokenizer.json",
        "gpt2": "vocab/gpt2/tokenizer.json",
    }.items():
        t = Tokenizer.from_file(str(DATA / path))
        rows = []
        for text in TEXTS + fuzz():
            e = t.encode(text, add_special_tokens=False)
            # spans as differences, to stay small
            s = spans(text, e.offsets)
            rows.append({"ids": e.ids, "spans": [b - a for a, b in zip([0] + s, s)], "decoded": t.decode(e.ids, skip_special_tokens=False)})
        out[name] = {"path": path, "rows": rows}
    return {"texts": TEXTS + fuzz(), "vocabularies": out}


def components():
    """Pieces after normalizer and pre-tokenizer: text and span in the original."""
    cases = []
    n = {
        "none": None,
        "bert": normalizers.BertNormalizer(),
        "bertCased": normalizers.BertNormalizer(lowercase=False),
        "nfc": normalizers.NFC(),
        "nfd": normalizers.NFD(),
        "nfkc": normalizers.NFKC(),
        "nfkd": normalizers.NFKD(),
        "lowercase": normalizers.Lowercase(),
        "sequence": normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]),
    }
    p = {
        "bert": pre_tokenizers.BertPreTokenizer(),
        "byteLevel": pre_tokenizers.ByteLevel(add_prefix_space=False),
        "byteLevelPrefix": pre_tokenizers.ByteLevel(add_prefix_space=True),
        "byteLevelWhole": pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=False),
        "whitespace": pre_tokenizers.Whitespace(),
        "whitespaceSplit": pre_tokenizers.WhitespaceSplit(),
        "sequence": pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.ByteLevel(add_prefix_space=True)]),
    }
    pairs = [(a, "whitespaceSplit") for a in n] + [("none", b) for b in p] + [("bert", "bert"), ("nfkc", "byteLevel")]
    for a, b in pairs:
        rows = []
        for text in [t for t in TEXTS if len(t) < 100]:
            s = PreTokenizedString(text)
            if n[a] is not None:
                s.normalize(lambda x: n[a].normalize(x))
            p[b].pre_tokenize(s)
            splits = s.get_splits("original", "char")
            rows.append([[w for w, _, _ in splits], spans(text, [o for _, o, _ in splits])])
        cases.append({"normalizer": state(n[a]), "preTokenizer": state(p[b]), "rows": rows})
    return {"texts": [t for t in TEXTS if len(t) < 100], "cases": cases}


def state(component):
    return None if component is None else json.loads(component.__getstate__())


TRAINING = """
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the
epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was the
spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all going
direct to Heaven, we were all going direct the other way -- in short, the period was so far like the present period, that
some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative degree of
comparison only. There were a king with a large jaw and a queen with a plain face, on the throne of England; there were a
king with a large jaw and a queen with a fair face, on the throne of France. In both countries it was clearer than crystal
to the lords of the State preserves of loaves and fishes, that things in general were settled for ever.
Naïve café déjà-vu 東京 東京 аббат аббат 12 1212 121212 aaaa aaaaaa abababab mississippi mississippi
"""


def training():
    words = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizers.BertNormalizer().normalize_str(TRAINING))
    inside = sorted({c for w, _ in words for c in w[1:]})
    # Naming the continuing characters as special tokens pins their ids, which the library else takes from a hash map.
    pinned = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + ["##" + c for c in inside]
    out = {"text": TRAINING, "bpe": [], "wordPiece": []}
    for extra in ({}, {"max_token_length": 5}, {"min_frequency": 3}):
        for prefix in (False, True):
            t = Tokenizer(models.BPE())
            t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
            t.train_from_iterator(TRAINING.splitlines(keepends=True), trainers.BpeTrainer(**{
                "vocab_size": 500, "min_frequency": 2, "special_tokens": ["<|endoftext|>"],
                "initial_alphabet": pre_tokenizers.ByteLevel.alphabet(), "show_progress": False, **extra}))
            model = json.loads(t.to_str())["model"]
            out["bpe"].append({"options": extra, "addPrefixSpace": prefix, "merges": [" ".join(m) for m in model["merges"]], "vocab": ordered(model["vocab"])})
    for vocab_size, lower in ((260, True), (400, False), (900, True)):
        t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        t.normalizer = normalizers.BertNormalizer(lowercase=lower)
        t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = pinned + extra_pins(lower)
        t.train_from_iterator([TRAINING], trainers.WordPieceTrainer(
            vocab_size=vocab_size, min_frequency=2, special_tokens=special, limit_alphabet=1000, show_progress=False))
        out["wordPiece"].append({"vocabSize": vocab_size, "lowercase": lower, "specialTokens": special, "vocab": ordered(json.loads(t.to_str())["model"]["vocab"])})
    return out


def extra_pins(lower):
    if lower:
        return []
    words = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizers.BertNormalizer(lowercase=False).normalize_str(TRAINING))
    plain = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizers.BertNormalizer().normalize_str(TRAINING))
    known = {c for w, _ in plain for c in w[1:]}
    return ["##" + c for c in sorted({c for w, _ in words for c in w[1:]} - known)]


def ordered(vocab):
    return [w for w, _ in sorted(vocab.items(), key=lambda x: x[1])]


def main():
    metadata = {"tokenizers": tokenizers.__version__, "seed": SEED, "script": "make-goldens.py"}
    for name, make in (("official", official), ("components", components), ("training", training)):
        path = HERE / f"{name}.json"
        path.write_text(json.dumps({"metadata": metadata, **make()}, ensure_ascii=True, separators=(",", ":")) + "\n")
        print(path.name, path.stat().st_size)


main()
