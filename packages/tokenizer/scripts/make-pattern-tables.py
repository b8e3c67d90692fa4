"""Writes src/unicode/case-runs.ts: upper case, lower case and marks as the regex engines of `tokenizers` (Oniguruma) and
`tiktoken` (Rust's regex crate) see them. Both are asked, and must agree.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 tiktoken==0.14.0
    /tmp/venv/bin/python packages/tokenizer/scripts/make-pattern-tables.py
"""

import importlib.metadata
import pathlib
import re
import string

import tiktoken
import tokenizers
from tokenizers import Regex, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
TEXT = "".join(map(chr, CODE_POINTS))
BYTES = {bytes([b]): b for b in range(256)}


def members(pattern):
    split = pre_tokenizers.Split(Regex(pattern + "+"), "removed", invert=True)
    oniguruma = {ord(c) for piece, _ in split.pre_tokenize_str(TEXT) for c in piece}
    encoding = tiktoken.Encoding("class", pat_str=pattern + "+", mergeable_ranks=BYTES, special_tokens={})
    rust = set(map(ord, encoding.decode(encoding.encode_ordinary(TEXT))))
    assert oniguruma == rust, f"the engines disagree about {pattern}"
    return oniguruma


def base36(n):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[n] if n < 36 else base36(n // 36) + digits[n % 36]


def in_spans(spans):
    """The code points of spans as make-unicode-tables.py writes them."""
    at, inside = 0, False
    for times, letter in re.findall("([0-9]*)([A-Za-z])", spans):
        end = at + 52 * int(times or 0) + string.ascii_letters.swapcase().index(letter)
        yield from range(at, end) if inside else ()
        at, inside = end, not inside


KINDS = ["u", "l", "ul", "lu", "m"]


def runs_of(kinds):
    """Gap since the last run, length and kind of the longest runs, in base 36; kinds 2 and 3 alternate."""
    words, last, c = [], 0, 0
    while c < 0x110000:
        if kinds[c] == "-":
            c += 1
            continue
        best, which = 0, 0
        for k, cycle in enumerate(KINDS):
            end = c
            while end < 0x110000 and kinds[end] == cycle[(end - c) % len(cycle)]:
                end += 1
            if end - c > best:
                best, which = end - c, k
        words += [base36(c - last), base36(best), base36(which)]
        c += best
        last = c
    return " ".join(words)


def main():
    here = pathlib.Path(__file__).parent
    # The shared classes are asked again, of both engines, because the scanners rely on them.
    source = (here.parent / "src/unicode/class-runs.ts").read_text()
    for name, pattern in [("LETTER", r"\p{L}"), ("NUMBER", r"\p{N}"), ("SPACE", r"\s")]:
        spans = re.search(name + r"_SPANS =\s*'([^']*)'", source).group(1)
        assert members(pattern) == set(in_spans(spans)), f"class-runs.ts disagrees about {pattern}"

    kinds = ["-"] * 0x110000
    for kind, pattern in [("u", r"[\p{Lu}\p{Lt}]"), ("l", r"\p{Ll}"), ("m", r"\p{M}")]:
        for c in members(pattern):
            kinds[c] = kind
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["tokenizers", "tiktoken"])
    target = here.parent / "src/unicode/case-runs.ts"
    target.write_text(
        f"""// Made by scripts/make-pattern-tables.py; do not edit.

/** The libraries that were asked; their regex engines agree. */
export const SOURCE = '{versions}';

/**
 * Gap since the last run's end, length and kind of each run, in base 36. Kinds: 0 upper or title case, 1 lower case,
 * 2 both in turn beginning with upper, 3 beginning with lower, 4 marks.
 */
export const CASE_RUNS =
  '{runs_of(kinds)}';
"""
    )
    print(target.name, target.stat().st_size)


main()
