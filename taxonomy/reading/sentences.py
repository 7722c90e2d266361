"""A text as sentences of words, every word with its place in the text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from taxonomy.lexicon import SMALL_WORDS
from taxonomy.text import normalize, normalize_again

LONGEST_TEXT = 200_000  # characters; the rest is not read
PASSAGE = 200
LONGEST_SENTENCE = 120  # words
LONGEST_WORD = 60  # characters; the rest of a longer one says nothing

_SENTENCE = re.compile(r"[^.!?;\n\r•·▪●]+(?:\.(?=\w)[^.!?;\n\r•·▪●]*)*")
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?", re.UNICODE)
_BREAK = re.compile(r"[,:()\[\]|/–—]|\s-\s")
_UNSEEN = re.compile(r"<(script|style)\b[^<>]{0,500}>.{0,20000}?</\1\s*>|<!--.{0,5000}?-->", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|table|section|article)\b[^<>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{1,6}|#x[\da-f]{1,6});", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """One sentence or line. `plain` are the words normalised, `spans` their places in the text as (start, end)."""

    start: int
    end: int
    passage: str  # as shown: one line, at most PASSAGE characters
    raw: str  # as written, from start to end
    words: tuple[str, ...]
    plain: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    breaks: frozenset[int]  # positions of words that follow a comma, colon, bracket, dash or slash

    def span(self, positions: tuple[int, ...]) -> tuple[int, int]:
        """From the first to the last of these words."""
        return self.spans[positions[0]][0], self.spans[positions[-1]][1]

    def opened(self, position: int) -> bool:
        """Whether a colon or bracket stands right before a word: "Excel (basis)", "Engels: goed"."""
        if position not in self.breaks:
            return False
        between = self.raw[self.spans[position - 1][1] - self.start : self.spans[position][0] - self.start]
        return ":" in between or "(" in between

    def position_at(self, offset: int) -> int:
        """The position of the word at or after an offset in `raw`."""
        starts = [start for start, _ in self.spans]
        at = bisect_right(starts, self.start + offset) - 1
        return max(at, 0) if at < 0 or self.spans[at][1] > self.start + offset else at + 1


def without_markup(text: str) -> str:
    """The text with HTML replaced by as many spaces (line ends at blocks), so that places stay what they were."""
    if "<" not in text and "&" not in text:
        return text
    text = _UNSEEN.sub(lambda match: " " * len(match[0]), text)
    text = _BLOCK.sub(lambda match: "\n" + " " * (len(match[0]) - 1), text)
    text = _TAG.sub(lambda match: " " * len(match[0]), text)
    return _ENTITY.sub(lambda match: " " * len(match[0]), text)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences and lines of a text that have words in them; markup is skipped, the text is read to its limit.

    A sentence of more than `LONGEST_SENTENCE` words comes in parts, so that no sentence takes long to read.
    """
    clean = without_markup(text[:LONGEST_TEXT])
    for match in _SENTENCE.finditer(clean):
        words, plain, spans, breaks = [], [], [], set()
        start = end = match.start()
        for found in _WORD.finditer(clean, match.start(), match.end()):
            word = found[0]
            normal = normalize_again(word) if len(word) <= LONGEST_WORD else normalize(word)
            if not normal:
                continue
            if words and _BREAK.search(clean, end, found.start()):
                breaks.add(len(words))
            words.append(word)
            plain.append(normal.replace(" ", "")[:LONGEST_WORD])
            spans.append(found.span())
            end = found.end()
            if len(words) == LONGEST_SENTENCE:
                yield _sentence(clean, start, end, words, plain, spans, breaks)
                words, plain, spans, breaks, start = [], [], [], set(), end
        if words:
            yield _sentence(clean, start, match.end(), words, plain, spans, breaks)


def _sentence(clean: str, start: int, end: int, words, plain, spans, breaks) -> Sentence:
    raw = clean[start:end]
    passage = " ".join(raw.split())[:PASSAGE]
    return Sentence(start, end, passage, raw, tuple(words), tuple(plain), tuple(spans), frozenset(breaks))


def language_of(text: str) -> str:
    """Which of the two languages a text is in, by its small words: "nl" unless English clearly leads.

    >>> language_of("You will be advising our customers"), language_of("Ervaring met lassen"), language_of("")
    ('en', 'nl', 'nl')
    """
    words = normalize(text[:5000]).split()
    dutch = sum(word in SMALL_WORDS["nl"] for word in words)
    english = sum(word in SMALL_WORDS["en"] for word in words)
    return "en" if english > dutch else "nl"
