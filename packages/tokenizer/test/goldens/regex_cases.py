"""Random patterns and texts, and the matches that the Rust `tokenizers` library finds.

Of every match that is not empty the span is given (in code points), and the text with every match replaced by U+E000,
which shows the empty ones. Patterns that the library refuses are given without matches, with its error.
"""

import signal

from tokenizers import Regex, normalizers, pre_tokenizers

ALPHABET = "aabbcAB1 2\n'ſsSßkKéÉΣσς漢あ\u0301😀_-\r\u2028\u00a0ⅷٳıİ½²ªµ+$"
MARK = "\ue000"


class Grammar:
    def __init__(self, rng):
        self.rng = rng

    def pick(self, *choices):
        return self.rng.choice(choices)

    def character(self):
        c = self.rng.choice(ALPHABET)
        roll = self.rng.random()
        if roll < 0.08:
            return "\\x{%x}" % ord(c)
        if roll < 0.11 and ord(c) < 0x10000:
            return "\\u%04x" % ord(c)
        if c in "+$":
            return "\\" + c
        if c == "\n":
            return "\\n"
        if c == "\r":
            return "\\r"
        return c

    def class_item(self, depth):
        roll = self.rng.random()
        if roll < 0.35:
            c = self.rng.choice(ALPHABET)
            return {"\n": "\\n", "-": "\\-", "\r": "\\r"}.get(c, c)
        if roll < 0.5:
            return self.pick("a-c", "A-Z", "0-9", "a-z", "\\x{41}-\\x{5a}", "あ-ん")
        if roll < 0.7:
            return self.pick("\\s", "\\w", "\\d", "\\S", "\\W", "\\D", "\\h", "\\p{L}", "\\p{Lu}", "\\P{N}", "\\p{^Ll}", "\\pM", "\\p{Han}", "\\p{Greek}")
        if roll < 0.8:
            return self.pick("[:alpha:]", "[:^digit:]", "[:space:]", "[:upper:]", "[:punct:]", "[:word:]")
        if depth > 0:
            return self.char_class(depth - 1)
        return "b"

    def char_class(self, depth=1):
        body = "".join(self.class_item(depth) for _ in range(self.rng.randint(1, 3)))
        if self.rng.random() < 0.15:
            body += "&&" + "".join(self.class_item(depth) for _ in range(self.rng.randint(1, 2)))
        return "[" + self.pick("", "", "^") + body + self.pick("", "", "", "-") + "]"

    def atom(self, depth):
        roll = self.rng.random()
        if roll < 0.45 or depth == 0:
            return self.character()
        if roll < 0.52:
            return "."
        if roll < 0.64:
            return self.char_class()
        if roll < 0.72:
            return self.pick("\\s", "\\S", "\\w", "\\W", "\\d", "\\D", "\\h", "\\H", "\\p{L}", "\\p{N}", "\\P{L}", "\\p{Lu}", "\\R", "\\N", "\\O")
        if roll < 0.9:
            opening = self.pick("(", "(?:", "(?:", "(?i:", "(?>", "(?m:", "(?x:", "(?-i:", "(?<n>")
            return opening + self.choice(depth - 1) + ")"
        if roll < 0.97:
            return self.pick("(?=", "(?!") + self.choice(depth - 1) + ")"
        return self.pick("(?<=", "(?<!") + self.behind() + ")"

    def behind(self):
        one = lambda: self.pick(self.character(), self.char_class(0), "\\s", "\\w", ".", "^", "\\b", "a{2}", "b?")
        return "|".join("".join(one() for _ in range(self.rng.randint(1, 2))) for _ in range(self.rng.randint(1, 2)))

    def quantified(self, depth):
        if self.rng.random() < 0.06:
            return self.pick("\\b", "\\B", "^", "$", "\\A", "\\z", "\\Z", "\\G")
        atom = self.atom(depth)
        if self.rng.random() < 0.55 or atom.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            return atom
        count = self.pick("{2}", "{1,2}", "{,2}", "{2,}", "{0,3}", "{1}", "{2,1}")
        quantifier = self.pick("?", "*", "+", "*", "+", "?", count)
        suffix = self.pick("", "", "", "?", "+") if not quantifier.startswith("{") else self.pick("", "", "?")
        return atom + quantifier + suffix + (self.pick("", "", "", "", "?", "*", "+") if self.rng.random() < 0.2 else "")

    def sequence(self, depth):
        return "".join(self.quantified(depth) for _ in range(self.rng.randint(0 if self.rng.random() < 0.1 else 1, 3)))

    def choice(self, depth):
        option = "(?i)" if self.rng.random() < 0.03 else ""
        return option + "|".join(self.sequence(depth) for _ in range(1 if self.rng.random() < 0.7 else self.rng.randint(2, 3)))


def text(rng):
    kind = rng.random()
    letters = "ab" if kind < 0.25 else "aAbB c1\n" if kind < 0.5 else ALPHABET
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, 14)))


def too_long(*_):
    raise TimeoutError


def expected(pattern, given):
    """What takes more than two seconds is left out."""
    signal.signal(signal.SIGALRM, too_long)
    try:
        regex = Regex(pattern)
    except Exception as error:
        return {"error": str(error)}
    split = pre_tokenizers.Split(regex, "removed", invert=True)
    replace = normalizers.Replace(regex, MARK)
    rows = []
    for t in given:
        signal.setitimer(signal.ITIMER_REAL, 2)
        try:
            rows.append([t, [x for _, span in split.pre_tokenize_str(t) for x in span], replace.normalize_str(t)])
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return {"rows": rows}
