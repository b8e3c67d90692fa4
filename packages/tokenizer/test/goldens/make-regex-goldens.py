"""Writes regex.json: matches of random and of chosen regular expressions, and the sizes of character properties.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/test/goldens/make-regex-goldens.py
"""

import json
import pathlib
import random
import re

import regex_cases as cases
import tokenizers
from tokenizers import Regex, pre_tokenizers

HERE = pathlib.Path(__file__).parent
SEED = 20261125

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CL100K = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
REAL_TEXTS = [
    "Hello, world! It's a test; they'd've said WE'LL see 'em.  3.14159 1,000,000\n\n \t x",
    "'\u017f \u212a naïve 日本語のテキスト ½ ٣٤ 😀👍🏽 \u00a0\u3000wide\r\n\r\n",
    "\u0301mark e\u0301 \u1100\u1161\u11a8 ﬁ ǅ   ",
]

CHOSEN = [
    [r"(?i)ss|ﬁ", ["ß ẞ SS sſ s", "fi FI ﬁ ﬀi", "ﬆ st"]],
    [r"(?i)s(?:s)", ["ß ss s"]],
    [r"(?i)s(s)", ["ß ss s"]],
    [r"(?i)ss+", ["ß ss sss"]],
    [r"(?i)[ß]x", ["ßx ssx ẞX SSX sx"]],
    [r"(?i)[^ß]", ["ssßẞ"]],
    [r"(?i)\p{Lu}[\p{Lu}]", ["Aa AA aa"]],
    [r"(?i:'s)", ["a'ſ 'S 's ' s"]],
    [r"a(?i)b|c", ["aBACc ab"]],
    [r"\pL", ["pL a"]],
    [r"[a-[b]]", ["ab-"]],
    [r"[]a]", ["a]b"]],
    [r"[a-c-e]", ["a-e"]],
    [r"[^a&&b]", ["abc"]],
    [r"[a&&]", ["a&"]],
    [r"[[a-c]&&[^b]]", ["abcd"]],
    [r"[[:^alpha:]]", ["a1 é"]],
    [r"\x{41 42}+", ["ABB", "ABAB"]],
    [r"\xe3\x81\x82[\xe3\x81\x84]", ["あい"]],
    [r"\101\x42\u0043\o{104}", ["ABCD"]],
    [r"a{,}|b{|c{2", ["a{,} b{ c{2"]],
    [r"a{2}?b", ["b aab ab"]],
    [r"a{1,2}+", ["aaaaa"]],
    [r"a{3,2}a", ["aaaaaaa"]],
    [r"(?:a*)+?b", ["aab b"]],
    [r"(|a)+", ["aab"]],
    [r"(a?b??)*", ["abab"]],
    [r"(?>a|ab)c", ["abc ac"]],
    [r"a++a|b", ["aab"]],
    [r"\R", ["\r\n\n\r\u2028\u0085x"]],
    ["(?x) a b # comment\n  | c", ["ab c a b"]],
    [r"a(?#comment \) here)b", ["ab"]],
    [r"^|$", ["a\nb\n", "", "\n"]],
    [r"\A|\z", ["a\nb\n"]],
    [r"\Z", ["a\n\n", "a"]],
    [r"\b|\B", ["ab, c_d é\u0301"]],
    [r"\Ga", ["aaba"]],
    [r"b\G|a|\G\Gc", ["ccaab"]],
    [r"(?<=^|\s)a", ["a a ba\na"]],
    [r"a(?<=$)|(?<=\Z)b", ["a\nb\n", "aab"]],
    [r"(?<!\d{2}|x)a", ["12a 1a xa a"]],
    [r"(?<=(?i)ss)x", ["ßx SSx ssx"]],
    [r"(?=(a+))a*b", ["aab aaa"]],
    [r"(?!(?!a))a", ["ab"]],
    [r"\p{ l_u-}|\p{^Greek}|\P{InvalidNot}", ["aAα"]],
    [r"\p{Hiragana}|\p{Hani}|\p{Emoji}|\p{punct}|[[:punct:]]", ["あ漢😀+,$a1"]],
    [r"\w+|[^\w\s]+", ["a\u00bd \u00b2b ~\u00bdt"]],
    [r"\b[\w][[:word:]]|\p{Word}|[\p{Word}]", ["a\u00bd \u00b2b ~\u00bdt"]],
    [r"(?<name>a)(?'other'b)", ["ab"]],
    [r"(a*)*b", ["aaab", "a" * 12]],
    [r"(a|a)*b", ["aaab", "a" * 12]],
    [r"(.*)*x", ["aaxa"]],
    [GPT2, REAL_TEXTS],
    [CL100K, REAL_TEXTS],
]

INVALID = [
    "(", ")", "(a", "a)", "[a", "[]", "[b-a]", "[\\w-a]", "[a-\\d]", "[[:foo:]]", "*", "a|*", "{2}", "(?=a)*", "(?:\\b|a)+", "a{100001}",
    "\\", "\\u12", "\\x{110000}", "\\x{zz", "\\x{41", "\\xe3a", "(?s)a", "(?P<n>a)", "(?<>a)", "(?#a", "(?", "(?i", "\\c", "\\M-", "\\p{", "\\777", "^*", "(?:$|a)*", "(?:a|\\Z)+",
]


def property_sizes():
    """How many code points below U+32000 each property has, and their sum."""
    text = (HERE.parent.parent / "scripts/make-regex-tables.py").read_text()
    tables = dict(re.findall(r'^([A-Z]+) = """\n(.*?)"""', text, re.S | re.M))
    names = [n.split(":")[0] for t in ("CATEGORIES", "SCRIPTS", "BINARY") for n in tables[t].split()]
    names += "Any Assigned C L M N P S Z LC Alpha Blank Cntrl Digit Graph Lower PosixPunct Punct Print Space Upper XDigit Word Alnum ASCII".split()
    points = [c for c in range(0x32000) if not 0xD800 <= c <= 0xDFFF]
    everything = "".join(map(chr, points))
    sizes = {}
    for name in names:
        split = pre_tokenizers.Split(Regex(r"\p{%s}+" % name), "removed", invert=True)
        spans = [span for _, span in split.pre_tokenize_str(everything)]
        sizes[name] = [sum(b - a for a, b in spans), sum(sum(points[a:b]) for a, b in spans)]
    return sizes


def main():
    rng = random.Random(SEED)
    grammar = cases.Grammar(rng)
    patterns = [[p, texts] for p, texts in CHOSEN] + [[grammar.choice(3), [cases.text(rng) for _ in range(3)]] for _ in range(350)]
    rows = []
    for pattern, texts in patterns:
        answer = cases.expected(pattern, texts)
        rows.append([pattern, answer.get("rows")])
    refused = [p for p in INVALID if "error" in cases.expected(p, [])]
    out = {"library": f"tokenizers {tokenizers.__version__}", "seed": SEED, "patterns": rows, "invalid": refused, "properties": property_sizes()}
    target = HERE / "regex.json"
    target.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(target.stat().st_size, len(rows), sum(r[1] is None for r in rows), sorted(set(INVALID) - set(refused)))


main()
