"""Where a sentence or a table row begins and ends, so that a finding can show what it stands in."""

import re
from bisect import bisect_right

MOST_BEFORE, MOST_AFTER = 120, 180  # characters shown on either side, where a sentence runs on
# A full stop ends a sentence where a blank and a capital, a sign of another script or the end follow.
_END = re.compile(r"\n|[。！？；!?;]|(?<![A-Z0-9])\.(?=\s+[A-Z\u0080-\uffff]|\s*$)", re.MULTILINE)


class Sentences:
    """The sentences of a text, found by position."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [found.end() for found in _END.finditer(text)]

    def span(self, start: int) -> tuple[int, int]:
        """First and last position of the sentence that `start` stands in."""
        index = bisect_right(self._ends, start)
        first = self._ends[index - 1] if index else 0
        last = self._ends[index] if index < len(self._ends) else len(self._text)
        return first, last

    def at(self, start: int, end: int) -> str:
        """The sentence around a finding, cut where it runs on."""
        first, last = self.span(start)
        cut_first, cut_last = max(first, start - MOST_BEFORE), min(max(last, end), end + MOST_AFTER)
        shown = self._text[cut_first:cut_last].replace("\t", " | ").strip()
        return f"{'…' if cut_first > first else ''}{shown}{'…' if cut_last < last else ''}"
