"""Writes training-options.json: what the Rust `tokenizers` library's trainers make of the text of training.json.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/test/goldens/make-training-goldens.py

Every case is trained three times and must come out the same: where the library numbers the forms of characters in the
order of a hash map, their ids are pinned by naming them as special tokens.
"""

import json
import pathlib
import re

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, trainers

HERE = pathlib.Path(__file__).parent
TEXT = json.loads((HERE / "training.json").read_text())["text"]
LINES = TEXT.splitlines(keepends=True)

SPLIT = {"type": "WhitespaceSplit"}
BERT = {"type": "BertPreTokenizer"}
LOWER = {"type": "Lowercase"}
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
SEQUENCE = {"type": "Sequence", "pretokenizers": [SPLIT, BERT]}


def forms(prefix, suffix):
    """All forms that the characters of the text, split at white space and lowered, take with prefix and suffix."""
    found = []
    for word in TEXT.lower().split():
        for i, c in enumerate(word):
            form = (prefix if i > 0 else "") + c + (suffix if i == len(word) - 1 else "")
            if form != c and form not in found:
                found.append(form)
    return found


CASES = [
    ("bpe", None, None, {"vocab_size": 200}),
    ("bpe", None, SPLIT, {"vocab_size": 150, "min_frequency": 3, "special_tokens": ["<s>", "e", "the"]}),
    ("bpe", LOWER, SEQUENCE, {"vocab_size": 180, "limit_alphabet": 12, "initial_alphabet": ["q", "東"]}),
    ("bpe", LOWER, SPLIT, {"vocab_size": 300, "special_tokens": forms("", "</w>"), "end_of_word_suffix": "</w>"}),
    ("bpe", LOWER, SPLIT, {"vocab_size": 420, "special_tokens": forms("#", "$"), "end_of_word_suffix": "$", "continuing_subword_prefix": "#"}),
    ("bpe", None, BYTES, {"vocab_size": 160, "max_token_length": 3}),
    ("wordpiece", LOWER, SPLIT, {"vocab_size": 300, "min_frequency": 2, "special_tokens": ["[UNK]", *forms("##", "")]}),
    ("wordlevel", LOWER, BERT, {"vocab_size": 80, "special_tokens": ["<unk>", "the"]}),
    ("wordlevel", None, BERT, {"min_frequency": 3}),
    ("unigram", LOWER, BERT, {"vocab_size": 150, "unk_token": "<unk>"}),
    ("unigram", None, BERT, {"vocab_size": 120, "special_tokens": ["<s>", "<unk>"], "unk_token": "<unk>", "initial_alphabet": ["東"]}),
    ("unigram", LOWER, SPLIT, {"vocab_size": 70}),
    ("unigram", LOWER, SPLIT, {"vocab_size": 100}),
    ("unigram", None, SPLIT, {"vocab_size": 130}),
    ("unigram", LOWER, SPLIT, {"vocab_size": 200, "shrinking_factor": 0.6, "n_sub_iterations": 3, "max_piece_length": 5, "seed_size": 900}),
]

MODELS = {"bpe": models.BPE, "wordpiece": models.WordPiece, "unigram": models.Unigram, "wordlevel": models.WordLevel}
TRAINERS = {
    "bpe": trainers.BpeTrainer,
    "wordpiece": trainers.WordPieceTrainer,
    "unigram": trainers.UnigramTrainer,
    "wordlevel": trainers.WordLevelTrainer,
}


def train(model, normalizer, pre_tokenizer, options):
    bare = json.loads(Tokenizer(MODELS[model]()).to_str())
    tokenizer = Tokenizer.from_str(json.dumps({**bare, "normalizer": normalizer, "pre_tokenizer": pre_tokenizer}))
    special = [AddedToken(token, special=True) for token in options.get("special_tokens", [])]
    tokenizer.train_from_iterator(LINES, TRAINERS[model](**{**options, "special_tokens": special, "show_progress": False}))
    return json.loads(tokenizer.to_str())["model"]


def camel(name):
    return re.sub("_(.)", lambda m: m.group(1).upper(), name)


def outcome(case):
    trained = train(*case)
    if case[0] == "unigram":
        # Equal scores come in the order of a hash map, and what a missing character gets depends on it.
        vocab = sorted((token, round(score, 2)) for token, score in trained["vocab"])
        return {"vocab": vocab, "unkId": trained["unk_id"]}
    ids = sorted(trained["vocab"].items(), key=lambda item: item[1])
    return {"vocab": ids, "merges": trained.get("merges", [])}


def main():
    cases = []
    for case in CASES:
        runs = [outcome(case) for _ in range(3)]
        for run in runs[1:]:
            same = [entry[0] for entry in run["vocab"]] == [entry[0] for entry in runs[0]["vocab"]]
            assert same and (case[0] == "unigram" or run == runs[0]), case
        model, normalizer, pre_tokenizer, options = case
        cases.append({
            "model": model,
            "normalizer": normalizer,
            "preTokenizer": pre_tokenizer,
            "options": {camel(name): value for name, value in options.items()},
            **runs[0],
        })
    metadata = {"tokenizers": tokenizers.__version__, "script": "make-training-goldens.py"}
    path = HERE / "training-options.json"
    path.write_text(json.dumps({"metadata": metadata, "cases": cases}, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size)


main()
