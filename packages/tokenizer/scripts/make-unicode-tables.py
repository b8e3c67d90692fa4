"""Writes src/unicode/class-ranges.ts: the character classes of the Rust `tokenizers` library, found by asking it.

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


def ranges(test):
    """Gap and length of each run, in base 36; surrogates never belong to a class."""
    runs, start = [], None
    for c in range(0x110001):
        inside = c < 0x110000 and not 0xD800 <= c <= 0xDFFF and test(c)
        if inside and start is None:
            start = c
        elif not inside and start is not None:
            runs.append((start, c))
            start = None
    words, last = [], 0
    for a, b in runs:
        words += [base36(a - last), base36(b - a)]
        last = b
    return len(runs), " ".join(words)


def main():
    spaces = [c for c in CODE_POINTS if CLASSES["SPACE"][1](c)]
    assert spaces == [c for c in CODE_POINTS if matches(r"\s")(c)], "the two engines' white space differ"
    out = [
        "// Made by scripts/make-unicode-tables.py; do not edit.",
        "",
        f"/** The library that was asked. */\nexport const SOURCE = 'tokenizers {tokenizers.__version__}';",
        "",
        "/** Per class: gap since the last run's end, length of the run, …, in base 36. */",
        "export const CLASS_RANGES = {",
    ]
    for name, (comment, test) in CLASSES.items():
        count, text = ranges(test)
        print(f"{name}: {count} runs, {len(text)} characters", file=sys.stderr)
        out += [f"  /** {comment} */", f"  {name}:", f"    '{text}',"]
    out += ["} as const;", ""]
    target = pathlib.Path(__file__).parent.parent / "src/unicode/class-ranges.ts"
    target.write_text("\n".join(out))


main()
