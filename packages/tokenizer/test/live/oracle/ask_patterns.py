"""What the Rust library's regular expressions match."""

import random

from regex_cases import Grammar, expected, text

TEXTS = 8


def random_pattern(question):
    """The random pattern of a seed, with its matches in random texts."""
    rng = random.Random(question["seed"])
    pattern = Grammar(rng).choice(3)
    return {"pattern": pattern, **expected(pattern, [text(rng) for _ in range(TEXTS)])}
