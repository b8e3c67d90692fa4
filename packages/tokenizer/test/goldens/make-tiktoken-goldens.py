"""Writes tiktoken-goldens.json beside it: what tiktoken makes of texts, over ranks that are learnt here and over those of
OpenAI's encodings, of which only ids are kept.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 tiktoken==0.14.0
    GERBERT_DATA=<data folder> /tmp/venv/bin/python packages/tokenizer/test/goldens/make-tiktoken-goldens.py
"""

import base64
import json
import os
import pathlib
import random

import tiktoken
import tiktoken.load
from tiktoken_ext import openai_public
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

DATA = pathlib.Path(os.environ["GERBERT_DATA"])
SEED = 20240321
FILES = {"r50k_base": "r50k_base", "p50k_base": "p50k_base", "p50k_edit": "p50k_base", "cl100k_base": "cl100k_base",
         "o200k_base": "o200k_base", "o200k_harmony": "o200k_base"}
TEXTS = [
    "", " ", "a", "Hello, world! It's DON'T they'LL 'tis", "  two  spaces\n\n  and lines \r\n\r\n\tend  ", "1234567 12 3.14 ½²Ⅷ",
    "HelloWORLDfooBAR camelCase ÉCOLE naïve e\u0301\u0308x", "日本語のテキスト、中文字符。한국어", "emoji 😀👍🏽👨‍👩‍👧‍👦 \ufeff\u200b\u0000\u0001",
    "for (let i = 0; i < n; i++) {\n    x[i] += 1; // ok\n}\n", "<|endoftext|>a<|fim_prefix|>b<|endofprompt|><|start|>user<|message|>", "a" * 70,
    "ab" * 50 + "xyzzy" * 7 + "   WQZ(WQZ) xyz", "\n \n  \n   ", "https://example.org/a//b?c=d 'ſ 'S", "\u00a0\u3000x\u2028y \u0085",
]


def learnt():
    """Ranks of merges learnt from the texts, and some that no training gives."""
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    t.train_from_iterator(TEXTS * 2 + ["the then there other another"] * 3, trainer)
    order = sorted(t.get_vocab().items(), key=lambda item: item[1])
    printable = [b for b in range(256) if chr(b).isprintable() and chr(b) != " "]
    table = {chr(b): b for b in printable}
    table.update({chr(256 + n): b for n, b in enumerate(b for b in range(256) if b not in printable)})
    ranks = {bytes(table[c] for c in token): rank for token, rank in order}
    # A token that merging never gives, one whose parts come after it, and holes.
    for token in [b"ZQW", b"qjx", b"jx", b"q" * 3, b"q" * 2, b"\xe6\x97\xa5", b"\xe6\x97"]:
        ranks.setdefault(token, len(ranks) + 10)
    return ranks


def texts():
    rng = random.Random(SEED)
    pool = ["a", "b", "th", "the", " ", "  ", "\n", "q", "qq", "jx", "qjx", "ZQW", " ZQW", " (ZQW", "日", "本", "é", "😀", "'s", "'LL", "1", "23", "!", "/", "A", "Bc"]
    return TEXTS + ["".join(rng.choice(pool) for _ in range(rng.randrange(1, 40))) for _ in range(60)]


def main():
    ranks = learnt()
    lines = "".join(f"{base64.b64encode(token).decode()} {rank}\n" for token, rank in ranks.items())
    read = tiktoken.load.load_tiktoken_bpe
    out = {"version": tiktoken.__version__, "seed": SEED, "ranks": lines, "texts": texts(), "encodings": {}}
    for name, file in FILES.items():
        rows = {}
        for kind in ["learnt", "official"]:
            path = str(DATA / "vocab/tiktoken" / f"{file}.tiktoken")
            openai_public.load_tiktoken_bpe = lambda *_, **__: ranks if kind == "learnt" else read(path)
            settings = getattr(openai_public, name)()
            settings.pop("explicit_n_vocab", None)
            encoding = tiktoken.Encoding(**settings)
            some = texts() if kind == "learnt" else texts()[:40]
            rows[kind] = [encoding.encode(text, allowed_special="all") for text in some]
            if kind == "learnt":
                rows["ordinary"] = [encoding.encode_ordinary(text) for text in TEXTS]
                rows["decoded"] = [encoding.decode(row[1:]) for row in rows[kind]]
        out["encodings"][name] = {"file": file, **rows}
    target = pathlib.Path(__file__).parent / "tiktoken-goldens.json"
    target.write_text(json.dumps(out, separators=(",", ":")))
    print(target.name, target.stat().st_size)


main()
