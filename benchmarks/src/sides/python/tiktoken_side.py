"""OpenAI's tiktoken, with its own patterns and the rank files of the data folder."""

import tiktoken
import tiktoken.load
from tiktoken_ext import openai_public

import tokenizers_texts
from side import Unsupported


def versions():
    return {"tiktoken (PyPI)": tiktoken.__version__}


def set_threads(_):
    """It has one where a batch is not asked for."""


def make(params):
    vocabulary = params["vocabulary"]
    name = {"gpt2": "r50k_base", "cl100k": "cl100k_base"}.get(vocabulary["name"])
    if name is None or vocabulary["ranks"].get(name) is None:
        raise Unsupported("it knows no such vocabulary, or the data folder has none")
    # Its own definitions, without what they would fetch.
    openai_public.load_tiktoken_bpe = lambda *_, **__: tiktoken.load.load_tiktoken_bpe(vocabulary["ranks"][name])
    encoding = tiktoken.Encoding(**getattr(openai_public, name)())
    return lambda texts: [encoding.encode_ordinary(text) for text in texts]


ops = {"encoding": lambda _, params: tokenizers_texts.encoding(make, params)}
