"""Writes src/unicode/class-runs.ts: the character classes of the Rust `tokenizers` library, found by asking it.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/scripts/make-unicode-tables.py

Every code point is put through the component that uses the class, so the tables carry that library's Unicode
versions (its crates disagree among themselves), whatever Unicode the JavaScript engine has.
"""

import pathlib
import sys

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def matches(pattern):
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    return lambda c: split.pre_tokenize_str(chr(c)) == []


def isolated(pre_tokenizer):
    """True where `c` is split off from the letters around it, and kept."""
    return lambda c: len(pre_tokenizer.pre_tokenize_str("a" + chr(c) + "b")) == 3


def removed_between(pre_tokenizer):
    return lambda c: [p for p, _ in pre_tokenizer.pre_tokenize_str("a" + chr(c) + "b")] == ["a", "b"]


def erased(normalizer):
    return lambda c: normalizer.normalize_str("a" + chr(c) + "b") == "ab"


def bert(**on):
    flags = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**flags, **on})


CLASSES = {
    "LETTER": ("`\\p{L}` of the regex engine behind ByteLevel", matches(r"\p{L}")),
    "NUMBER": ("`\\p{N}` of the same", matches(r"\p{N}")),
    "SPACE": ("White_Space", removed_between(pre_tokenizers.WhitespaceSplit())),
    "WORD": ("`\\w` of the Whitespace pre-tokenizer", lambda c: len(pre_tokenizers.Whitespace().pre_tokenize_str("a" + chr(c) + "b")) == 1),
    "PUNCTUATION": ("what the Bert pre-tokenizer isolates", isolated(pre_tokenizers.BertPreTokenizer())),
    "CONTROL": ("what the Bert normalizer's clean_text removes", erased(bert(clean_text=True))),
    "NONSPACING_MARK": ("Mn, what the Bert normalizer's strip_accents removes", erased(bert(strip_accents=True))),
    "COMBINING_MARK": ("M, what StripAccents removes", erased(normalizers.StripAccents())),
}


def base36(n):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while True:
        n, r = divmod(n, 36)
        out = digits[r] + out
        if n == 0:
            return out


def runs_of(flags):
    """Gap since the last run, length and bits of every run of code points with equal bits (not 0), in base 36."""
    words, last, start = [], 0, 0
    for c in range(1, 0x110001):
        if c < 0x110000 and flags[c] == flags[start]:
            continue
        if flags[start]:
            words += [base36(start - last), base36(c - start), base36(flags[start])]
            last = c
        start = c
    return " ".join(words)


def main():
    spaces = [c for c in CODE_POINTS if CLASSES["SPACE"][1](c)]
    assert spaces == [c for c in CODE_POINTS if matches(r"\s")(c)], "the two engines' white space differ"
    flags = bytearray(0x110000)
    out = [
        "// Made by scripts/make-unicode-tables.py; do not edit.",
        "",
        f"/** The library that was asked. */\nexport const SOURCE = 'tokenizers {tokenizers.__version__}';",
        "",
    ]
    for k, (name, (comment, test)) in enumerate(CLASSES.items()):
        out += [f"/** {comment[0].upper() + comment[1:]}. */", f"export const {name} = {1 << k};", ""]
        for c in CODE_POINTS:
            if test(c):
                flags[c] |= 1 << k
    out += [
        "/** Gap since the last run's end, length and class bits of each run, in base 36. */",
        "export const CLASS_RUNS =",
        f"  '{runs_of(flags)}';",
        "",
    ]
    target = pathlib.Path(__file__).parent.parent / "src/unicode/class-runs.ts"
    target.write_text("\n".join(out))
    print(target.name, target.stat().st_size, file=sys.stderr)


main()
