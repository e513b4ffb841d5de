"""The finder says exactly what looking for every sample in every line would say, and reads each byte once."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sweeps.finder import Finder

WORD = st.text("ab1é", min_size=1, max_size=3)
SAMPLES = st.lists(st.lists(WORD, min_size=1, max_size=3).map(tuple), max_size=8)
LINES = st.lists(st.text("ab1é ,", max_size=12), max_size=6)


@given(SAMPLES, LINES)
def test_it_finds_what_looking_one_by_one_finds(samples: list[tuple[str, ...]], lines: list[str]) -> None:
    finder = Finder(samples)
    found = sorted((line.decode(), frozenset(words)) for line, words in finder.in_lines("\n".join(lines).encode()))
    wanted = []
    for line in lines:
        there = [words for words in samples if all(word in line for word in words)]
        if there:
            wanted.append((line, frozenset(word.encode() for words in there for word in words)))
    assert found == sorted(wanted)
    whole = "\n".join(lines)
    assert finder.is_in(whole.encode()) == any(all(word in whole for word in words) for words in samples)


def test_nothing_is_looked_for_and_nothing_found() -> None:
    assert list(Finder([]).in_lines(b"a line\nanother")) == []
    assert not Finder([]).is_in(b"a line")
    assert not Finder([("zoe",)]).is_in(b"")


NAME = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6).map(str.lower)


@given(NAME, NAME)
def test_escapes_hide_nothing(given_name: str, family_name: str) -> None:
    """As a JSON text, as a JSON text in a JSON text, and as COPY and CSV write it."""
    finder = Finder([(given_name, family_name)])
    inner = json.dumps({"name": given_name, "family": family_name}, ensure_ascii=False)
    if not set(given_name + family_name) - set('"\\'):
        return  # nothing of it is a letter
    for said in (inner, json.dumps(inner, ensure_ascii=False), inner.replace("\\", "\\\\"), inner.replace('"', '""')):
        assert finder.is_in(said.encode()), said


def test_letters_that_json_escapes_are_found() -> None:
    finder = Finder([("josé", "zúñiga"), ("élodie", "ński")])
    assert finder.is_in(json.dumps(["José", "Zúñiga"]).lower().encode())
    assert finder.is_in(json.dumps(["Élodie", "ński"]).lower().encode())
    assert not finder.is_in(json.dumps(["José", "Zuniga"]).lower().encode())
