"""Patterns for many words at once, so that a page is scanned once and not once a word."""

import re
from collections.abc import Iterable


def firsts(words: Iterable[str]) -> str:
    """The first signs of `words`, for a character class: most places of a text are passed over by it."""
    return "".join(sorted({re.escape(word[0]) for word in words}))


def trie(words: Iterable[str]) -> str:
    """A pattern for `words` in which common beginnings stand once, so that a page is scanned once."""
    branches: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    parts = [(r"\s+" if first == " " else re.escape(first)) + trie(rest) for first, rest in sorted(branches.items())]
    if not parts:
        return ""
    joined = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"{joined}?" if ends else joined
