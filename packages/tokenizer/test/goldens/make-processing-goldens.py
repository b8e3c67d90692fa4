"""
Writes processing.json (truncation, padding, post-processors, added tokens and words given one by one) and
added-tokens.json, as the library `tokenizers` has them. Needs `pip install tokenizers`; its version is in the file.
"""
import json
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

HERE = Path(__file__).parent
VOCAB = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "sat", "on", "mat", "a", "hello", "wor", "##ld", ",", "un", "##aff", "##able"]
LONG, SHORT = "the cats sat on 😀 mat", "a cat , unaff"


def small():
    t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(VOCAB)}, unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    return t


def bytes_tokenizer(prefix):
    t = Tokenizer(models.BPE({c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}, []))
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    return t


def row(e):
    """Offsets in code points; `maps`: what is answered for positions, tokens and words."""
    whole = {
        "ids": e.ids,
        "spans": [x for span in e.offsets for x in span],
        "wordIds": e.word_ids,
        "sequenceIds": e.sequence_ids,
        "tokens": e.tokens,
    }
    # Columns of one value, and empty lists, are left out.
    if 0 in e.attention_mask:
        whole["attentionMask"] = e.attention_mask
    if 1 in e.special_tokens_mask:
        whole["specialTokensMask"] = e.special_tokens_mask
    if any(e.type_ids):
        whole["typeIds"] = e.type_ids
    if e.overflowing:
        whole["overflowing"] = [row(o) for o in e.overflowing]
    return whole


def maps(e):
    positions, words, tokens = range(12), range(6), range(len(e.ids))
    return {
        "charToToken": [[e.char_to_token(p, s) for p in positions] for s in (0, 1)],
        "charToWord": [[e.char_to_word(p, s) for p in positions] for s in (0, 1)],
        "tokenToChars": [e.token_to_chars(t) for t in tokens],
        "tokenToWord": [e.token_to_word(t) for t in tokens],
        "tokenToSequence": [e.token_to_sequence(t) for t in tokens],
        "wordToTokens": [[e.word_to_tokens(w, s) for w in words] for s in (0, 1)],
        "wordToChars": [[e.word_to_chars(w, s) for w in words] for s in (0, 1)],
    }


CASES = []
BASES = {"words": small(), "bytes": bytes_tokenizer(False), "prefixed": bytes_tokenizer(True)}


def case(base, t, text, pair=None, special=True, ask=False):
    whole = json.loads(t.to_str())
    plain = json.loads(BASES[base].to_str())
    e = t.encode(text, pair, is_pretokenized=isinstance(text, list), add_special_tokens=special)
    CASES.append({
        "base": base,
        "tokenizer": {k: v for k, v in whole.items() if plain[k] != v},
        "text": text,
        "pair": pair,
        "special": special,
        "encoding": row(e),
        **({"maps": maps(e)} if ask else {}),
    })


def template(single, pair, specials=None):
    return processors.TemplateProcessing(single=single, pair=pair, special_tokens=specials or [("[CLS]", 2), ("[SEP]", 3)])


SEP, CLS = ("[SEP]", 3), ("[CLS]", 2)


def posts():
    yield None
    yield template("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1")
    yield template("$A:3 x:2 $A", "x $B:1 $A:7 x $A", [{"id": "x", "ids": [5, 6], "tokens": ["the", "thing"]}])
    yield template("$A", "$B:4 $A")
    yield processors.BertProcessing(SEP, CLS)
    yield processors.RobertaProcessing(SEP, CLS)
    yield processors.ByteLevel()
    yield processors.Sequence([processors.ByteLevel(), template("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1")])
    yield processors.Sequence([processors.BertProcessing(SEP, CLS), processors.RobertaProcessing(SEP, CLS, trim_offsets=False)])
    yield processors.Sequence([template("[CLS] $A", "[CLS] $A $B:1"), processors.ByteLevel(trim_offsets=False)])


def processing():
    for post in posts():
        t = small()
        if post is not None:
            t.post_processor = post
        # After a template, ByteLevel numbers pieces as sequences, and which of two a token is in the library leaves open.
        ask = not isinstance(post, processors.Sequence)
        case("words", t, LONG, ask=ask)
        case("words", t, LONG, SHORT, ask=ask)
        case("words", t, SHORT, LONG, special=False)
        case("words", t, "")
        t.enable_padding(direction="left", length=14, pad_id=4, pad_token="<p>", pad_type_id=9)
        case("words", t, SHORT, ask=ask)
        t.enable_padding(pad_to_multiple_of=8)
        t.enable_truncation(12, stride=1)
        case("words", t, SHORT, "a cat")
        case("words", t, LONG, "")


def truncation():
    for post in (None, template("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1"), processors.BertProcessing(SEP, CLS)):
        for strategy in ("longest_first", "only_first", "only_second"):
            for direction in ("right", "left"):
                t = small()
                if post is not None:
                    t.post_processor = post
                t.enable_truncation(11, stride=1, strategy=strategy, direction=direction)
                case("words", t, LONG if strategy != "only_second" else "a cat", SHORT if strategy != "only_first" else "a")
    t = small()
    t.enable_truncation(0)
    case("words", t, "a cat", "the mat")
    t.post_processor = processors.BertProcessing(SEP, CLS)
    t.enable_truncation(2)
    case("words", t, "a cat")
    t.enable_padding(length=4)
    t.enable_truncation(5, stride=1)
    case("words", t, "a cat sat on a mat")


def byte_level():
    for prefix, base in ((False, "bytes"), (True, "prefixed")):
        for post in (
            processors.ByteLevel(trim_offsets=True, add_prefix_space=prefix),
            processors.ByteLevel(trim_offsets=True, add_prefix_space=not prefix),
            processors.RobertaProcessing(("x", 3), ("y", 2), trim_offsets=True, add_prefix_space=prefix),
        ):
            t = bytes_tokenizer(prefix)
            t.post_processor = post
            for text in ("a  b", " 😀 é", "  a"):
                case(base, t, text)
            case(base, t, ["a", " b", "😀  c"], ["d e", ""])
            t.enable_truncation(6, stride=1)
            case(base, t, " 😀 é")


ADDED = [
    AddedToken("<l>", lstrip=True, normalized=False),
    AddedToken("<r>", rstrip=True, normalized=False),
    AddedToken("<lr>", lstrip=True, rstrip=True, normalized=False, single_word=True),
    AddedToken("cat", single_word=True, normalized=False),
    AddedToken("Hello World", normalized=True),
    AddedToken("Ünaff", normalized=True),
    AddedToken("unaffable", normalized=True, lstrip=True),
    AddedToken("<ll", normalized=False),
    AddedToken("<lll>", normalized=False, special=True),
    AddedToken("😀", normalized=False, single_word=True),
]
ADDED_TEXTS = [
    "a  <l>  cat", "a <r>  the", "cats cat _cat cat", "HELLO world, unaffable", "<lll><ll><l> <r> <l>", "x<l><l> <r> [MASK]cat[SEP]",
    "a <lr> <lr> b<lr>", "😀😀 😀a é😀", "ünaff ÜNAFFABLE unaffableunaffable", "[CLS][SEP]   [SEP]", "  ", "<l> \u3000<r>\u00a0\n<l>",
]


def added():
    t = small()
    t.add_tokens(ADDED)
    for text in ADDED_TEXTS:
        case("words", t, text)
    t.post_processor = processors.BertProcessing(SEP, CLS)
    case("words", t, ["a", "cats  <l>", "", "hello World"], ["😀 cat", "the"], ask=True)
    t.enable_truncation(8, stride=2)
    case("words", t, ["a", "cats  <l>", "", "hello World"])


FLAGS = ("single_word", "lstrip", "rstrip", "normalized", "special")


def histories():
    """What adding tokens one after the other gives: counts, ids, texts of ids, encodings and decodings."""
    plain = lambda content, **flags: AddedToken(content, **{"normalized": False, **flags})
    lower = normalizers.Lowercase()
    runs = [
        (None, [plain("<r>", rstrip=True), plain("  q"), plain(" ")], ["a<r>   q b", "a<r>  b", "<r>    q", "<r> ", "<r>  \n b"]),
        (None, [plain("\n", lstrip=True, rstrip=True)], ["a\n\n\nb", " \n \n ", "\n"]),
        (lower, [AddedToken("FOO", normalized=True, special=True)], ["foo Foo FOO"]),
        (lower, [AddedToken("FOO", normalized=True, special=True), plain("FOO", special=True)], ["foo FOO"]),
        (lower, [plain("FOO", special=True), plain("FOO")], ["foo FOO", "xFOOx"]),
        (lower, [plain("cat"), plain("CAT"), plain("cat", special=True), plain("cat", special=True)], ["cat CAT Cat"]),
        (None, [plain(""), plain("a", single_word=True), plain("aa"), plain("aaaa")], ["a aa aaa aaaa aaaaa aaaaaa"]),
        (None, [plain("abcd"), plain("bc"), plain("b"), plain("cdx")], ["abcx abcdx cdx bcdx"]),
        (None, [plain("<s>", special=True), plain("<s>x"), plain("[MASK]", special=True)], ["a<s>b<s>x[MASK]", "<s><s>xx"]),
    ]
    out = []
    for normalizer, tokens, texts in runs:
        t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(VOCAB)}, unk_token="[UNK]"))
        t.pre_tokenizer = pre_tokenizers.Whitespace()
        if normalizer is not None:
            t.normalizer = normalizer
        config = json.loads(t.to_str())
        del config["model"]["vocab"]
        counts = [(t.add_special_tokens if token.special else t.add_tokens)([token]) for token in tokens]
        ids = range(len(VOCAB) + 5)
        case = {
            "config": config,
            "tokens": [{"content": token.content, **{flag: getattr(token, flag) for flag in FLAGS}} for token in tokens],
            "counts": counts,
            "size": t.get_vocab_size(),
            "ids": [t.token_to_id(token.content) for token in tokens],
            "texts": [t.id_to_token(i) for i in ids],
            "decoded": [t.decode([i]) for i in ids],
            "written": json.loads(t.to_str())["added_tokens"],
            "runs": [],
        }
        for plain_specials in (False, True):
            t.encode_special_tokens = plain_specials
            case["runs"] += [{"text": text, "plainSpecials": plain_specials, "encoding": row(t.encode(text))} for text in texts]
        out.append(case)
    return {"vocab": VOCAB, "cases": out}


def main():
    metadata = {"tokenizers": tokenizers.__version__, "script": Path(__file__).name}
    processing()
    truncation()
    byte_level()
    added()
    bases = {name: json.loads(t.to_str()) for name, t in BASES.items()}
    for name, content in (("processing", {"bases": bases, "cases": CASES}), ("added-tokens", histories())):
        path = HERE / f"{name}.json"
        path.write_text(json.dumps({"metadata": metadata, **content}, ensure_ascii=True, separators=(",", ":")) + "\n")
        print(path.name, path.stat().st_size)


main()
