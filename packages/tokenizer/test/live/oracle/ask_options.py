"""Random cases of added tokens, post-processors, truncation, padding, pairs and words with what `tokenizers` makes of them."""

import json
import random

from guarded import guarded
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = ["the", "cat", "##s", "##t", "sat", "a", "un", "##able", ",", "é", "e", "##a", "##e", "東", "##京", "😀", "[", "]", "x", "##x"]
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MERGES = [("t", "h"), ("th", "e"), ("Ġ", "a"), ("Ġ", "Ġ"), ("a", "t"), ("c", "at")]
PIECES = [
    "the", "The", "cat", "cats", "unable", "a", "x", "aé", "É", "東京", "😀", "😀😀", ",", " ", " ", " ", "  ", "\n", "\t ", "\u00a0", "\u3000", "_", "1", "[", "]", "ı", "İ", "e\u0301", "",
]
CONTENTS = ["<s>", "</s>", "<", "s>", "<s><s>", " <s>", "<s> ", "cat", "Cat", "at", "É", "é", "É", "😀", " ", "  ", "x y", "[CLS]", "[UNK]", "the", "a", "aa", "aaa", "_", "\n", "東", "[MASK]", "I", "e\u0301"]


def chance(rng, p):
    return rng.random() < p


def random_model(rng):
    if chance(rng, 0.5):
        vocab = {w: i for i, w in enumerate(SPECIALS + WORDS)}
        return models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=rng.choice([3, 100]))
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet()) + [a + b for a, b in MERGES] + (SPECIALS if chance(rng, 0.5) else [])
    return models.BPE({t: i for i, t in enumerate(tokens)}, MERGES)


def random_normalizer(rng):
    return rng.choice([
        lambda: None,
        lambda: None,
        normalizers.Lowercase,
        normalizers.BertNormalizer,
        normalizers.NFD,
        normalizers.NFKC,
        lambda: normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]),
    ])()


def random_pre_tokenizer(rng, bytes_only):
    byte_level = lambda: pre_tokenizers.ByteLevel(add_prefix_space=chance(rng, 0.5), use_regex=chance(rng, 0.8))
    if bytes_only:
        return byte_level()
    words = [lambda: None, pre_tokenizers.BertPreTokenizer, pre_tokenizers.Whitespace, pre_tokenizers.WhitespaceSplit]
    return rng.choice([*words, byte_level])()


def random_template(rng):
    def pieces(sequences):
        out = []
        for s in sequences:
            while chance(rng, 0.4):
                out.append(f"{rng.choice(['[CLS]', '[SEP]', 'many'])}:{rng.randrange(3)}")
            out.append(f"${s}:{rng.randrange(3)}")
        while chance(rng, 0.5):
            out.append(f"{rng.choice(['[CLS]', '[SEP]', 'many'])}:{rng.randrange(3)}")
        return out

    single = ["A"] if chance(rng, 0.9) else ["A", "A"]
    pair = rng.choice([["A", "B"], ["A", "B"], ["A", "B"], ["B", "A"], ["A", "B", "A"], ["A", "B", "B"]])
    specials = [("[CLS]", 2), ("[SEP]", 3), {"id": "many", "ids": [5, 6, 7], "tokens": ["m", "a", "ny"]}]
    return processors.TemplateProcessing(single=pieces(single), pair=pieces(pair), special_tokens=specials)


def random_post(rng, depth=0):
    byte_level = lambda: processors.ByteLevel(trim_offsets=chance(rng, 0.7), add_prefix_space=chance(rng, 0.5))
    options = [
        lambda: None,
        lambda: random_template(rng),
        lambda: random_template(rng),
        lambda: processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2)),
        lambda: processors.RobertaProcessing(("[SEP]", 3), ("[CLS]", 2), trim_offsets=chance(rng, 0.5), add_prefix_space=chance(rng, 0.5)),
        byte_level,
    ]
    if depth == 0:
        options.append(lambda: processors.Sequence([p for p in (random_post(rng, 1) for _ in range(rng.randrange(4))) if p is not None]))
    return rng.choice(options)()


def random_added(rng):
    out = []
    while chance(rng, 0.75):
        special = chance(rng, 0.4)
        token = AddedToken(
            rng.choice(CONTENTS), single_word=chance(rng, 0.2), lstrip=chance(rng, 0.2), rstrip=chance(rng, 0.2),
            normalized=chance(rng, 0.4), special=special)
        out.append((special, token))
    return out


def random_text(rng, contents):
    pool = PIECES + contents + contents
    return "".join(rng.choice(pool) for _ in range(rng.randrange(rng.choice([2, 6, 14]))))


def random_tokenizer(rng):
    model = random_model(rng)
    t = Tokenizer(model)
    n, p, post = random_normalizer(rng), random_pre_tokenizer(rng, isinstance(model, models.BPE)), random_post(rng)
    if n is not None:
        t.normalizer = n
    if p is not None:
        t.pre_tokenizer = p
    if post is not None:
        t.post_processor = post
    contents, forms = [], set()
    for special, token in random_added(rng):
        # Which of two tokens of one form is found, the library leaves to a hash map.
        form = n.normalize_str(token.content) if n is not None and token.normalized else token.content
        if (token.normalized, form) in forms:
            continue
        forms.add((token.normalized, form))
        contents.append(token.content)
        (t.add_special_tokens if special else t.add_tokens)([token])
    if chance(rng, 0.5):
        t.enable_padding(
            direction=rng.choice(["left", "right"]), pad_id=rng.randrange(9), pad_type_id=rng.randrange(3), pad_token="[PAD]",
            length=rng.choice([None, 0, 5, 12]), pad_to_multiple_of=rng.choice([None, None, 1, 4]))
    if chance(rng, 0.6):
        try:
            t.enable_truncation(
                rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 11]), stride=rng.choice([0, 0, 1, 2, 3]), direction=rng.choice(["left", "right"]),
                strategy=rng.choice(["longest_first", "longest_first", "only_first", "only_second"]))
        except BaseException:
            pass
    # What a tokenizer was before (a token that once was special, say) is not in its JSON.
    t = Tokenizer.from_str(t.to_str())
    t.encode_special_tokens = chance(rng, 0.15)
    return t, contents


def row(e, deep=True):
    return {
        "ids": e.ids,
        "typeIds": e.type_ids,
        "attentionMask": e.attention_mask,
        "specialTokensMask": e.special_tokens_mask,
        "spans": [x for span in e.offsets for x in span],
        "wordIds": e.word_ids,
        "sequenceIds": e.sequence_ids,
        "tokens": e.tokens,
        "overflowing": [row(o) for o in e.overflowing],
    }


def maps(e, units):
    """Where text may hold characters of two units (`units` false), positions in it are not asked about."""
    positions, words, tokens = range(9), range(5), range(len(e.ids))
    out = {
        "tokenToWord": [[e.token_to_word(t) for t in tokens]],
        "tokenToSequence": [[e.token_to_sequence(t) for t in tokens]],
        "wordToTokens": [[e.word_to_tokens(w, s) for w in words] for s in (0, 1)],
    }
    if units:
        out["charToToken"] = [[e.char_to_token(p, s) for p in positions] for s in (0, 1)]
        out["charToWord"] = [[e.char_to_word(p, s) for p in positions] for s in (0, 1)]
        out["tokenToChars"] = [[e.token_to_chars(t) for t in tokens]]
        out["wordToChars"] = [[e.word_to_chars(w, s) for w in words] for s in (0, 1)]
    return out


def random_call(rng, contents):
    text = lambda: random_text(rng, contents)
    words = lambda: [text() for _ in range(rng.randrange(5))]
    kind = rng.choice(["text", "pair", "words", "wordsPair", "batch"])
    special = chance(rng, 0.7)
    if kind == "text":
        return kind, [text()], special
    if kind == "pair":
        return kind, [text(), text()], special
    if kind == "words":
        return kind, [words()], special
    if kind == "wordsPair":
        return kind, [words(), words()], special
    return kind, [text() if chance(rng, 0.6) else [text(), text()] for _ in range(rng.randrange(4))], special


def perform(t, kind, inputs, special):
    if kind == "batch":
        rows = t.encode_batch([tuple(x) if isinstance(x, list) else x for x in inputs], add_special_tokens=special)
    else:
        rows = [t.encode(*inputs, is_pretokenized=kind.startswith("words"), add_special_tokens=special)]
    units = all(ord(c) < 0x10000 for c in json.dumps(inputs, ensure_ascii=False))
    return [{**row(e), "maps": maps(e, units)} for e in rows]


def calls(question):
    """Some calls of the random tokenizer of a seed."""
    rng = random.Random(question["seed"])
    t, contents = random_tokenizer(rng)
    out = []
    for _ in range(5):
        kind, inputs, special = random_call(rng, contents)
        result = guarded(lambda: perform(t, kind, inputs, special))
        out.append({"kind": kind, "inputs": inputs, "special": special, "result": result})
    return {"config": json.loads(t.to_str()), "plainSpecials": t.encode_special_tokens, "calls": out}
