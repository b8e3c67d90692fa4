"""Answers questions about Python's `tokenizers` and `tiktoken`: one JSON object a line in, one a line out.

Started by oracle.ts, which says what the questions are. Whatever the libraries raise, panics included, is an answer.
"""

import importlib
import io
import json
import sys


def versions():
    found = {}
    for name in ("tokenizers", "tiktoken"):
        try:
            module = importlib.import_module(name)
            found[name] = getattr(module, "__version__", "?")
        except ImportError:
            found[name] = None
    return found


def guarded(work):
    """What `work` returns, or what it raised. A panic of the Rust library is no Exception, but a BaseException."""
    try:
        return {"value": work()}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001
        return {"error": f"{type(error).__name__}: {error}"}


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
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_str(tokenizer.to_str())
    loaded.no_truncation()
    loaded.no_padding()
    return json.dumps(loaded.encode(run["text"], add_special_tokens=False).ids, separators=(",", ":"))


RUNS = {
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
    from tokenizers import AddedToken

    counts = []
    for token in tokens:
        special = token["special"]
        flags = {key: token[key] for key in ("single_word", "lstrip", "rstrip", "normalized")}
        door = tokenizer.add_special_tokens if special else tokenizer.add_tokens
        counts.append(door([AddedToken(token["content"], special=special, **flags)]))
    return counts


class Oracle:
    def __init__(self):
        self.kept = {}

    def load(self, question):
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(question["config"])
        counts = add(tokenizer, question.get("added", []))
        if "keep" in question:
            self.kept[question["keep"]] = tokenizer
        return tokenizer, counts

    def ask_case(self, question):
        if "kept" in question:
            tokenizer, counts = self.kept[question["kept"]], []
        else:
            loaded = guarded(lambda: self.load(question))
            if "error" in loaded:
                return loaded
            tokenizer, counts = loaded["value"]
        results = [guarded(lambda run=run: RUNS[run["kind"]](tokenizer, run)) for run in question["runs"]]
        return {"value": {"added": counts, "results": results}}

    def ask_forget(self, question):
        self.kept.pop(question["kept"], None)
        return {"value": None}

    def ask_files(self, question):
        from tokenizers.models import BPE, WordPiece

        def work():
            if "wordpiece" in question:
                return WordPiece.read_file(question["wordpiece"])
            vocab, merges = BPE.read_file(*question["bpe"])
            return {"vocab": vocab, "merges": merges}

        return guarded(work)

    def ask_tiktoken(self, question):
        """Builds the encoding as tiktoken itself does, but from a local rank file."""
        import tiktoken
        import tiktoken.load
        from tiktoken_ext import openai_public

        name = question["name"]
        if name not in self.kept:
            read = tiktoken.load.load_tiktoken_bpe
            openai_public.load_tiktoken_bpe = lambda *_, **__: read(question["path"])
            self.kept[name] = tiktoken.Encoding(**getattr(openai_public, name)())
        encoding = self.kept[name]
        ids = [encoding.encode(text, allowed_special="all") for text in question["texts"]]
        return {"value": {"ids": ids, "decoded": [encoding.decode(row) for row in ids]}}

    def ask_train(self, question):
        import tokenizers
        from tokenizers import Tokenizer, trainers

        def work():
            tokenizer = Tokenizer.from_str(question["config"])
            trainer = getattr(trainers, question["trainer"])(show_progress=False, **question["options"])
            tokenizer.train_from_iterator(question["texts"], trainer)
            return tokenizer.to_str()

        assert tokenizers
        return guarded(work)

    def ask_version(self, _):
        return {"value": {**versions(), "python": sys.version.split()[0]}}


def main():
    oracle = Oracle()
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n")
    for line in lines:
        question = json.loads(line)
        answer = getattr(oracle, f"ask_{question['ask']}")(question)
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
        sys.stdout.flush()


main()
