"""Where characters lie in JavaScript's strings; shared by the make-*-goldens scripts beside it."""


def utf16(text):
    """Position in UTF-16 units of every character position."""
    at, positions = 0, []
    for c in text:
        positions.append(at)
        at += 2 if ord(c) > 0xFFFF else 1
    return positions + [at]
