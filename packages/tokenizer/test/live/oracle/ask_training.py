"""Trains tokenizers with Python's `tokenizers`."""

import collections
import json

from tokenizers import AddedToken, Tokenizer, models, trainers

MODELS = {"bpe": models.BPE, "wordpiece": models.WordPiece, "unigram": models.Unigram, "wordlevel": models.WordLevel}
TRAINERS = {
    "bpe": trainers.BpeTrainer,
    "wordpiece": trainers.WordPieceTrainer,
    "unigram": trainers.UnigramTrainer,
    "wordlevel": trainers.WordLevelTrainer,
}


def tokenizer_of(question):
    json_of = json.loads(Tokenizer(MODELS[question["model"]]()).to_str())
    json_of["normalizer"] = question["normalizer"]
    json_of["pre_tokenizer"] = question["preTokenizer"]
    return Tokenizer.from_str(json.dumps(json_of))


def tied(question):
    """Whether the limit of the alphabet falls between characters that are equally frequent."""
    limit = question["options"].get("limit_alphabet")
    if limit is None:
        return False
    tokenizer = tokenizer_of(question)
    counts = collections.Counter()
    for text in question["texts"]:
        if tokenizer.normalizer:
            text = tokenizer.normalizer.normalize_str(text)
        words = tokenizer.pre_tokenizer.pre_tokenize_str(text) if tokenizer.pre_tokenizer else [(text, None)]
        for word, _ in words:
            counts.update(word)
    for character in question["options"].get("initial_alphabet", []):
        counts[character] = 1 << 60
    ordered = sorted(counts.values(), reverse=True)
    return 0 < limit < len(ordered) and ordered[limit - 1] == ordered[limit]


def train(question):
    """The models of some runs of one training, which may differ."""
    options = dict(question["options"])
    options["special_tokens"] = [AddedToken(token, special=True) for token in options.get("special_tokens", [])]
    runs = []
    for _ in range(question["runs"]):
        tokenizer = tokenizer_of(question)
        trainer = TRAINERS[question["model"]](show_progress=False, **options)
        tokenizer.train_from_iterator(question["texts"], trainer)
        runs.append(json.loads(tokenizer.to_str())["model"])
    return {"runs": runs, "tied": tied(question)}
