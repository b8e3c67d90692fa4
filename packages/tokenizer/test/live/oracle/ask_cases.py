"""Python's `tokenizers` on cases: a tokenizer, and what to do with it."""

import json

from guarded import guarded
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import BPE, WordPiece

kept = {}


def uniform(values):
    """Long columns are mostly one value over and over."""
    if len(values) > 8 and all(value == values[0] for value in values):
        return {"all": values[0], "length": len(values)}
    return values


def described(encoding):
    return {
        "ids": encoding.ids,
        "tokens": encoding.tokens,
        "typeIds": uniform(encoding.type_ids),
        "attentionMask": uniform(encoding.attention_mask),
        "specialTokensMask": uniform(encoding.special_tokens_mask),
        "wordIds": encoding.word_ids,
        "sequenceIds": uniform(encoding.sequence_ids),
        "offsets": [bound for span in encoding.offsets for bound in span],
        "overflowing": [described(part) for part in encoding.overflowing],
    }


def encoded(tokenizer, run):
    options = {"add_special_tokens": run["special"]}
    return described(tokenizer.encode(run["text"], run.get("pair"), **options))


def again(tokenizer, run):
    loaded = Tokenizer.from_str(tokenizer.to_str())
    loaded.no_truncation()
    loaded.no_padding()
    return json.dumps(loaded.encode(run["text"], add_special_tokens=False).ids, separators=(",", ":"))


RUNS = {
    "ids": lambda tokenizer, run: tokenizer.encode(run["text"], add_special_tokens=run["special"]).ids,
    "again": again,
    "encode": encoded,
    "batch": lambda tokenizer, run: [
        described(encoding) for encoding in tokenizer.encode_batch(run["texts"], add_special_tokens=run["special"])
    ],
    "decode": lambda tokenizer, run: tokenizer.decode(run["ids"], skip_special_tokens=run["skip"]),
    "stream": lambda tokenizer, run: tokenizer.decode(run["ids"], skip_special_tokens=run["skip"]),
    "json": lambda tokenizer, run: tokenizer.to_str(),
}


def add(tokenizer, tokens):
    """Each token by itself, in their order: special ones and others go through different doors."""
    counts = []
    for token in tokens:
        special = token["special"]
        flags = {key: token[key] for key in ("single_word", "lstrip", "rstrip", "normalized")}
        door = tokenizer.add_special_tokens if special else tokenizer.add_tokens
        counts.append(door([AddedToken(token["content"], special=special, **flags)]))
    return counts


def load(question):
    tokenizer = Tokenizer.from_str(question["config"])
    counts = add(tokenizer, question.get("added", []))
    if "keep" in question:
        kept[question["keep"]] = tokenizer
    return tokenizer, counts


def run(question):
    """Loads a tokenizer (`keep`: under that name) or takes a `kept` one, and does the `runs` with it, each of which may fail."""
    tokenizer, counts = (kept[question["kept"]], []) if "kept" in question else load(question)
    results = [guarded(lambda run=run: RUNS[run["kind"]](tokenizer, run)) for run in question["runs"]]
    return {"added": counts, "results": results}


def forget(question):
    kept.pop(question["kept"], None)


def files(question):
    """Vocabulary and merges of the files of a model."""
    if "wordpiece" in question:
        return WordPiece.read_file(question["wordpiece"])
    vocab, merges = BPE.read_file(*question["bpe"])
    return {"vocab": vocab, "merges": merges}
