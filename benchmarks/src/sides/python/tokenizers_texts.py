"""What the tokenizers' sides have in common: documents by rounds, and the digest of ../../tokenizer/digest.mjs."""

import hashlib
import json
import subprocess
import sys

import numpy

from side import Unsupported


class Digest:
    def __init__(self):
        self.hash = hashlib.sha256()
        self.count = 0

    def add(self, numbers):
        self.hash.update(numpy.int32(len(numbers)).tobytes())
        self.hash.update(numpy.asarray(numbers, numpy.int32).tobytes())
        self.count += len(numbers)

    def add_text(self, text):
        self.hash.update(text.encode())

    def values(self):
        return numpy.array([*self.hash.digest(), self.count >> 16, self.count & 0xFFFF], numpy.float32)


def encoding(make, params):
    """`make` gives a function from documents to ids, or to columns of all fields."""
    if params["vocabulary"]["file"] is None:
        raise Unsupported("this vocabulary is in the data folder, which is not there")
    with open(params["texts"], encoding="utf8") as file:
        slices = json.load(file)
    encode = make(params)

    def run(round=0):
        encode(slices[round % len(slices)])

    def outputs():
        # By another tokenizer: what is timed has not seen these documents.
        once = make({**params, "read": True})
        digest = Digest()
        for documents in slices:
            for found in once(documents):
                for column in found if params["fields"] else [found]:
                    digest.add(column)
        return {"digest": digest.values()}

    run.rotates = True
    return run, outputs


def loading(program, params):
    """A process of its own each time, which tells how long it took from the first import to the first ids."""
    if params["vocabulary"]["file"] is None:
        raise Unsupported("this vocabulary is in the data folder, which is not there")

    def start():
        command = [sys.executable, "-c", program, params["vocabulary"]["file"], params["text"]]
        done = subprocess.run(command, check=True, capture_output=True)
        return json.loads(done.stdout)

    def run():
        pass

    def outputs():
        digest = Digest()
        digest.add(start()["ids"])
        return {"digest": digest.values()}

    run.time = lambda: start()["ms"]
    return run, outputs
