"""gigatoken, on the calling thread. It remembers words it has met: the round before the first has warmed it."""

import importlib.metadata

import gigatoken

import tokenizers_texts


def versions():
    return {"gigatoken (PyPI)": importlib.metadata.version("gigatoken")}


def set_threads(_):
    """`parallel=False`."""


def make(params):
    vocabulary = params["vocabulary"]
    name = {"cl100k": "cl100k_base"}.get(vocabulary["name"])
    if name is not None:
        tokenizer = gigatoken.Tokenizer.from_tiktoken(vocabulary["ranks"][name])
    else:
        with open(vocabulary["file"], encoding="utf8") as file:
            tokenizer = gigatoken.Tokenizer.from_json(file.read())
    # As one array for all documents, which is its fastest way.
    return lambda texts: tokenizer.encode_batch(texts, parallel=False)


ops = {"encoding": lambda _, params: tokenizers_texts.encoding(make, params)}
