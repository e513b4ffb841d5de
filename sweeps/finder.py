"""Finding thousands of samples in one pass: Aho and Corasick's automaton over one word of each, the others looked up.

Samples times rows would be a search that never ends in a large district; so each byte is read once, for all samples.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

Words = tuple[str, ...]
Pieces = tuple[bytes, ...]
ESCAPED: Final = re.compile(r'["\\\x00-\x1f]+')
"""What JSON, COPY and CSV write in another way; what stands between is written as it is."""
ALNUM: Final = re.compile(rb"[0-9A-Za-z]")
AN_ESCAPE: Final = re.compile(rb"(\\([0abefnrtv]|[0-7]{3}|x[0-9a-f]{2}|u[0-9a-f]{4})|%[0-9a-f]{2})\Z")
"""What ends in a letter or a digit and is none: a line's end as JSON writes it, a bracket as an address does."""
LONGEST_ESCAPE: Final = 6


class Finder:
    """Says which samples stand in a text: those all of whose words are in it.

    A word counts where it stands by itself: a short number inside of a longer one is another number, and an address may
    end like another. Letters beyond ASCII bound nothing, because in some scripts no blank stands between words. Texts
    are bytes in UTF-8 and in lower case.
    """

    def __init__(self, samples: Iterable[Words]) -> None:
        """Ready the search for the samples, which are in lower case."""
        spellings = {spelling for words in samples for spelling in _spellings(words)}
        self._samples: dict[bytes, list[Pieces]] = {}
        for spelling in sorted(spellings - {()}):
            first, *others = sorted(spelling, key=len, reverse=True)
            self._samples.setdefault(first, []).append((first, *others))
        self._first = list(self._samples)
        self._automaton = BytesAhoCorasick(self._first)

    def in_lines(self, said: bytes) -> Iterator[tuple[bytes, set[Pieces]]]:
        """The lines in which a sample stands, each once, with the samples that do, as their words are written there."""
        found: dict[tuple[int, int], set[Pieces]] = {}
        for first, start, end in self._firsts(said):
            line = (said.rfind(b"\n", 0, start) + 1, _end_of_line(said, end))
            if samples := self._samples_in(first, said[slice(*line)]):
                found.setdefault(line, set()).update(samples)
        for (start, end), samples in found.items():
            yield said[start:end], samples

    def is_in(self, said: bytes) -> bool:
        """Whether a sample stands anywhere in a text, its words in whichever lines."""
        return any(self._samples_in(first, said) for first in {first for first, *_ in self._firsts(said)})

    def _firsts(self, said: bytes) -> Iterator[tuple[bytes, int, int]]:
        for number, start, end in self._automaton.find_matches_as_indexes(said, overlapping=True):
            if _is_word(said, start, end):
                yield self._first[number], start, end

    def _samples_in(self, first: bytes, said: bytes) -> set[Pieces]:
        return {words for words in self._samples[first] if all(stands_in(word, said) for word in words[1:])}


def stands_in(word: bytes, said: bytes) -> bool:
    """Whether a word stands in a text by itself."""
    start = said.find(word)
    while start >= 0:
        if _is_word(said, start, start + len(word)):
            return True
        start = said.find(word, start + 1)
    return False


def _is_word(said: bytes, start: int, end: int) -> bool:
    """Whether no letter or digit goes on where a word that begins or ends with one begins or ends."""
    if ALNUM.match(said, end) and ALNUM.match(said, end - 1):
        return False
    if not start or not ALNUM.match(said, start) or not ALNUM.match(said, start - 1):
        return True
    return bool(AN_ESCAPE.search(said[max(0, start - LONGEST_ESCAPE) : start]))


def _spellings(words: Words) -> Iterator[Pieces]:
    """A sample as it may be written: as it is, and with the escapes of JSON that is kept as a text."""
    yield _pieces(words)
    if not all(word.isascii() for word in words):
        yield from map(_pieces, product(*({_escaped(word), _escaped(word.title())} for word in words)))


def _escaped(word: str) -> str:
    """As JSON writes it; of a capital letter beyond ASCII the escape stays that of the capital letter."""
    return json.dumps(word)[1:-1].lower()


def _pieces(words: Iterable[str]) -> Pieces:
    """What must stand together: the words, cut where a quote, a backslash or a line's end would be escaped."""
    return tuple({piece.encode(): None for word in words for piece in ESCAPED.split(word) if piece})


def _end_of_line(said: bytes, start: int) -> int:
    end = said.find(b"\n", start)
    return len(said) if end < 0 else end
