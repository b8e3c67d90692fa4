"""Hugging Face's tokenizers, on one thread (RAYON_NUM_THREADS)."""

import json

import numpy
import tokenizers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

import tokenizers_texts
from tokenizers_texts import Digest


def versions():
    return {"tokenizers (PyPI)": tokenizers.__version__}


def set_threads(_):
    """Said by the environment, before the library is loaded."""


def make(params):
    tokenizer = Tokenizer.from_file(params["vocabulary"]["file"])
    special = params["special"]
    if not params["fields"]:
        return lambda texts: [e.ids for e in tokenizer.encode_batch_fast(texts, add_special_tokens=special)]
    if not params.get("read", True):
        return lambda texts: tokenizer.encode_batch(texts, add_special_tokens=special)
    return lambda texts: [columns(e) for e in tokenizer.encode_batch(texts, add_special_tokens=special)]


def columns(encoding):
    words = [-1 if word is None else word for word in encoding.word_ids]
    offsets = [place for span in encoding.offsets for place in span]
    return (
        encoding.ids,
        offsets,
        encoding.type_ids,
        encoding.attention_mask,
        encoding.special_tokens_mask,
        words,
    )


def trained(params):
    """The same as in ../tokenizers/gerbert.mjs."""
    size = params["vocabSize"]
    if params["model"] == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    else:
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train([params["corpus"]], trainer)
    return tokenizer


def training(_, params):
    state = {}

    def run():
        state["tokenizer"] = trained(params)

    def outputs():
        tokenizer = state["tokenizer"]
        if params["model"] == "wordpiece":
            with open(params["sample"], encoding="utf8") as file:
                texts = json.load(file)
            count = sum(len(e.ids) for e in tokenizer.encode_batch_fast(texts, add_special_tokens=False))
            return {"sizes": numpy.array([tokenizer.get_vocab_size(), count], numpy.float32)}
        digest = Digest()
        model = json.loads(tokenizer.to_str())["model"]
        for token in sorted(model["vocab"], key=model["vocab"].get):
            digest.add_text(f"{token}\n")
        for merge in model["merges"]:
            digest.add_text(f"{merge if isinstance(merge, str) else ' '.join(merge)}\n")
        return {"digest": digest.values()}

    return run, outputs


PROGRAM = """
import time
start = time.perf_counter()
import json, sys
from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(sys.argv[1])
ids = tokenizer.encode(sys.argv[2], add_special_tokens=False).ids
print(json.dumps({"ms": (time.perf_counter() - start) * 1000, "ids": ids}))
"""

ops = {
    "encoding": lambda _, params: tokenizers_texts.encoding(make, params),
    "training": training,
    "loading": lambda _, params: tokenizers_texts.loading(PROGRAM, params),
}
