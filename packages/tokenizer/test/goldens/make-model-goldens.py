"""Writes model-goldens.json and decoder-goldens.json beside it: what the Rust `tokenizers` library makes of words with
every model and its options, and of tokens with every decoder. Offsets are in UTF-16 units.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/test/goldens/make-model-goldens.py
"""

import itertools
import json
import pathlib
import random

import tokenizers
from tokenizers import Tokenizer

from offsets import utf16

HERE = pathlib.Path(__file__).parent
SEED = 20240317
BARE = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": None, "post_processor": None, "decoder": None}
BYTES = [f"<0x{b:02X}>" for b in range(256)]


def loaded(model, decoder=None):
    return Tokenizer.from_str(json.dumps({**BARE, "model": model, "decoder": decoder}))


def caught(work):
    """What `work` returns, or null where the library raises or panics."""
    try:
        return work()
    except BaseException:  # a panic is no Exception
        return None


def ids_of(tokens):
    return {token: i for i, token in enumerate(dict.fromkeys(tokens))}


def bpe(tokens, merges, **options):
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
    return {**model, **options, "vocab": ids_of(tokens), "merges": merges}


def models():
    letters = ["<unk>", "a", "b", "c", "é", "😀", " "]
    merges = [["a", "b"], ["b", "a"], ["ab", "c"], ["a", "a"], ["é", "😀"], ["aa", "b"], ["<unk>", "a"], ["c", " "]]
    merged = [a + b for a, b in merges]
    plain = letters + merged + ["abcab"]
    out = []
    for unk, fuse, ignore in itertools.product([None, "<unk>", "<none>"], [False, True], [False, True]):
        out.append(bpe(plain, merges, unk_token=unk, fuse_unk=fuse, ignore_merges=ignore))
    for unk, fuse in [(None, False), ("<unk>", False), ("<unk>", True)]:
        out.append(bpe(plain + BYTES[:0x78] + BYTES[0x80:0xf0], merges, unk_token=unk, fuse_unk=fuse, byte_fallback=True))
    out.append(bpe(plain + BYTES, merges, byte_fallback=True))
    out.append(bpe(plain, merges + [["a", "b"], ["a", "a"]], unk_token="<unk>"))
    forms = [p + c + s for c in "abcé" for p in ["", "##"] for s in ["", "</w>"]]
    affixed = [["a", "##b"], ["##a", "##b"], ["##a", "##b</w>"], ["a", "##b</w>"], ["ab", "##c</w>"], ["##b", "##é"]]
    made = [a + b[2:] for a, b in affixed]
    for prefix, suffix in itertools.product([None, "##"], [None, "</w>"]):
        rules = [(a, b) for a, b in affixed if (prefix or "##" not in a + b) and (suffix or "</w>" not in b)]
        options = {"continuing_subword_prefix": prefix, "end_of_word_suffix": suffix, "unk_token": "<unk>"}
        out.append(bpe(["<unk>"] + forms + made, [list(r) for r in rules], **options))
    out.append({"type": "WordLevel", "vocab": ids_of(["<unk>", "ab", "abc", "é😀", "__proto__"]), "unk_token": "<unk>"})
    out.append({"type": "WordLevel", "vocab": ids_of(["ab"]), "unk_token": "<unk>"})
    piece = ["##a", "##b", "##ab", "##c", "a", "ab", "é", "##😀", "[UNK]", "##é"]
    for prefix, most in [("##", 100), ("##", 3), ("", 100)]:
        out.append({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": prefix,
                    "max_input_chars_per_word": most, "vocab": ids_of(piece)})
    pieces = [["<unk>", 0.0], ["a", -1.0], ["b", -2.0], ["ab", -3.0], ["abc", -3.5], ["é", -4.0], ["😀a", -1.5],
              ["aa", -2.0], [" ", -0.5], ["xyz", -40.0], ["b", -1.0], ["", -1.0]]
    for unk, fallback in itertools.product([0, 3, None], [False, True]):
        out.append({"type": "Unigram", "unk_id": unk, "vocab": pieces, "byte_fallback": fallback})
        out.append({"type": "Unigram", "unk_id": unk, "vocab": pieces + [[b, -9.0] for b in BYTES], "byte_fallback": fallback})
    # What an unknown character costs decides.
    out.append({"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 5.0], ["a", 5.0], ["xa", 5.0]], "byte_fallback": False})
    # Unknown characters that pay better than pieces.
    out.append({"type": "Unigram", "unk_id": 1, "vocab": [["xyz", 20.0], ["<unk>", 20.0]], "byte_fallback": True})
    return out


WORDS = ["a", "ab", "abc", "abcab", "aab", "aaab", "baab", "é", "é😀", "é😀a", "x", "xa", "xyz", "axyzb", "日本a", "ab日", "a\u0301",
         "😀😀a", "abc ab", "<unk>", "<unk>a", "__proto__", "aaaaaaa", "abababab", "c c", "\u00ff\u0100a\u00ff", "xaxbx"]


def words():
    rng = random.Random(SEED)
    long = ["".join(rng.choice("aabcé😀 x日") for _ in range(n)) for n in [5, 9, 20, 40, 40, 80]]
    return WORDS + long


def row(tokenizer, word):
    e = tokenizer.encode(word)
    p = utf16(word)
    own = {i: t for i, t in enumerate(e.tokens) if t != tokenizer.id_to_token(e.ids[i])}
    return [e.ids, [p[x] for span in e.offsets for x in span], own]


TOKENS = ["", " ", "  ", "a", "aa", "b", "ab", "é", "日本", "😀", "\u0301", "\ufffd", "\ufeff", "##a", "##", "a</w>", "</w>",
          "b</w>c</w>", "▁", "▁a", "▁▁", "a▁b", " a", "a ", " a ", "  a  ", ".", "?", " .", " . .", "'", "n't", " n't", "'m", "'s",
          "do not", " do not", " ' ", "<pad>", "a<pad>b", "|", "a|b", "<0xE6>", "<0x97>", "<0xA5>", "<0xF0>", "<0x9F>", "<0x98>",
          "<0x80>", "<0xFF>", "<0x41>", "<0x20>", "<0xed>", "<0x+1>", "<0xG0>", "<0xé>", "Ġ", "Ċ", "æĹ¥", "æ", "Ĺ", "¥", "ðŁ", "ðŁĺ",
          "Ģ", "ÿ", "í", "ł", "Ġa", "aĠ"]
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}


def replace(kind, pattern, content):
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}


def decoders():
    strip = lambda start, stop, content=" ": {"type": "Strip", "content": content, "start": start, "stop": stop}
    metaspace = [{"type": "Metaspace", "replacement": "▁", "prepend_scheme": s, "split": True} for s in ["always", "never", "first"]]
    fallback, fuse = {"type": "ByteFallback"}, {"type": "Fuse"}
    sequence = lambda *d: {"type": "Sequence", "decoders": list(d)}
    bpe_decoders = [{"type": "BPEDecoder", "suffix": s} for s in ["</w>", "", "a"]]
    ctc = [{"type": "CTC", "pad_token": p, "word_delimiter_token": "|", "cleanup": c} for p, c in [("<pad>", True), ("<pad>", False), ("a", True)]]
    wordpiece = [{"type": "WordPiece", "prefix": p, "cleanup": c} for p, c in [("##", True), ("##", False), ("", True)]]
    llama = [replace("String", "▁", " "), fallback, fuse, strip(1, 0)]
    return [
        BYTE_LEVEL, *wordpiece, *metaspace, *bpe_decoders, *ctc, fallback, fuse,
        strip(1, 0), strip(0, 1), strip(1, 1), strip(2, 1, "a"), strip(0, 0),
        replace("String", "▁", " "), replace("String", "", "-"), replace("Regex", "a+|\\s", "<$1>"), replace("Regex", "x*", "_"),
        sequence(), sequence(*llama), sequence(fallback, metaspace[0]), sequence(fuse, strip(1, 2)), sequence(ctc[0], metaspace[0]),
        sequence(BYTE_LEVEL, strip(1, 0)), sequence(bpe_decoders[0], fuse, wordpiece[0]), sequence(sequence(*llama), bpe_decoders[0]),
    ]


def token_lists():
    rng = random.Random(SEED)
    lists = [[], *[[i] for i in range(0, len(TOKENS), 3)]]
    for _ in range(70):
        some = rng.sample(range(len(TOKENS)), rng.choice([2, 3, 5, 20]))
        lists.append([rng.choice(some) for _ in range(rng.randrange(1, 12))])
    return lists


def write(name, content):
    target = HERE / f"{name}.json"
    target.write_text(json.dumps({"version": tokenizers.__version__, "seed": SEED, **content}, separators=(",", ":")))
    print(target.name, target.stat().st_size)


def main():
    cases = []
    for model in models():
        tokenizer = loaded(model)
        rows = [caught(lambda word=word: row(tokenizer, word)) for word in words()]
        cases.append({"model": model, "written": json.loads(tokenizer.to_str())["model"] != model, "rows": rows})
    write("model-goldens", {"words": words(), "cases": cases})
    cases = []
    for decoder in decoders():
        tokenizer = loaded({"type": "WordLevel", "vocab": ids_of(TOKENS), "unk_token": "a"}, decoder)
        rows = [caught(lambda ids=ids: tokenizer.decode(ids, skip_special_tokens=False)) for ids in token_lists()]
        cases.append({"decoder": decoder, "rows": rows})
    write("decoder-goldens", {"tokens": TOKENS, "lists": token_lists(), "cases": cases})


main()
