"""Answers questions about Python's `tokenizers` and `tiktoken`: one JSON object a line in, one a line out.

Started by oracle.ts. A question names a module beside this one and what it does: "cases.run" asks ask_cases.run. Whatever the
libraries raise, panics included, is an answer.
"""

import importlib
import importlib.metadata
import io
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.append(str(pathlib.Path(__file__).parents[2] / "goldens"))

from guarded import guarded  # noqa: E402


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def versions(question):
    return {"python": sys.version.split()[0], **{name: version(name) for name in question["packages"]}}


def answer(question):
    if question["ask"] == "versions":
        return versions(question)
    module, name = question["ask"].split(".")
    return getattr(importlib.import_module(f"ask_{module}"), name)(question)


def main():
    # What the libraries print must not stand between the answers.
    out, sys.stdout = sys.stdout, sys.stderr
    for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n"):
        question = json.loads(line)
        out.write(json.dumps(guarded(lambda: answer(question))) + "\n")
        out.flush()


main()
