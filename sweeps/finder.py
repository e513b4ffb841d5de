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
ESCAPED: Final = re.compile(r'["\\\x00-\x1f]+')
"""What JSON, COPY and CSV write in another way; what stands between is written as it is."""


class Finder:
    """Says which samples stand in a text: those all of whose words are in it.

    A word counts wherever it stands, also inside of a longer one. Texts are bytes in UTF-8 and in lower case.
    """

    def __init__(self, samples: Iterable[Words]) -> None:
        """Ready the search for the samples, which are in lower case."""
        spellings = {spelling for words in samples for spelling in _spellings(words)}
        self._words: dict[bytes, list[tuple[bytes, ...]]] = {}
        for spelling in sorted(spellings - {()}):
            first, *others = sorted(spelling, key=len, reverse=True)
            self._words.setdefault(first, []).append(tuple(others))
        self._first = list(self._words)
        self._automaton = BytesAhoCorasick(self._first)

    def in_lines(self, said: bytes) -> Iterator[tuple[bytes, set[bytes]]]:
        """The lines in which a sample stands, each once, with the words of those that do."""
        found: dict[tuple[int, int], set[bytes]] = {}
        for number, start, end in self._automaton.find_matches_as_indexes(said, overlapping=True):
            line = (said.rfind(b"\n", 0, start) + 1, _end_of_line(said, end))
            if words := self._words_in(self._first[number], said[slice(*line)]):
                found.setdefault(line, set()).update(words)
        for (start, end), words in found.items():
            yield said[start:end], words

    def is_in(self, said: bytes) -> bool:
        """Whether a sample stands anywhere in a text, its words in whichever lines."""
        matches = self._automaton.find_matches_as_indexes(said, overlapping=True)
        return any(self._words_in(self._first[number], said) for number in {number for number, *_ in matches})

    def _words_in(self, first: bytes, said: bytes) -> set[bytes]:
        found: set[bytes] = set()
        for others in self._words[first]:
            if all(word in said for word in others):
                found |= {first, *others}
        return found


def _spellings(words: Words) -> Iterator[tuple[bytes, ...]]:
    """A sample as it may be written: as it is, and with the escapes of JSON that is kept as a text."""
    yield _pieces(words)
    if not all(word.isascii() for word in words):
        yield from map(_pieces, product(*({_escaped(word), _escaped(word.title())} for word in words)))


def _escaped(word: str) -> str:
    """As JSON writes it; of a capital letter beyond ASCII the escape stays that of the capital letter."""
    return json.dumps(word)[1:-1].lower()


def _pieces(words: Iterable[str]) -> tuple[bytes, ...]:
    """What must stand together: the words, cut where a quote, a backslash or a line's end would be escaped."""
    return tuple({piece.encode(): None for word in words for piece in ESCAPED.split(word) if piece})


def _end_of_line(said: bytes, start: int) -> int:
    end = said.find(b"\n", start)
    return len(said) if end < 0 else end
