"""The finder says exactly what looking for every sample in every line would say, and reads each byte once."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from sweeps.finder import Finder

WORD = st.text("ab1é", min_size=1, max_size=3)
SAMPLES = st.lists(st.lists(WORD, min_size=1, max_size=3).map(tuple), max_size=8)
LINES = st.lists(st.text("ab1é ,_", max_size=12), max_size=6)


def by_itself(word: str, said: str) -> bool:
    """What the finder says, said by a regular expression: letters and digits of ASCII do not go on."""
    before = r"(?<![0-9A-Za-z])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if word[-1].isascii() and word[-1].isalnum() else ""
    return bool(re.search(f"{before}{re.escape(word)}{after}", said))


@given(SAMPLES, LINES)
def test_it_finds_what_looking_one_by_one_finds(samples: list[tuple[str, ...]], lines: list[str]) -> None:
    finder = Finder(samples)
    found = sorted((line.decode(), _sets(words)) for line, words in finder.in_lines("\n".join(lines).encode()))
    wanted = []
    for line in lines:
        there = [words for words in samples if all(by_itself(word, line) for word in words)]
        if there:
            wanted.append((line, _sets(tuple(word.encode() for word in words) for words in there)))
    assert found == sorted(wanted)
    whole = "\n".join(lines)
    assert finder.is_in(whole.encode()) == any(all(by_itself(word, whole) for word in words) for words in samples)


def _sets(samples: Iterable[tuple[bytes, ...]]) -> list[list[bytes]]:
    return sorted({tuple(sorted(set(words))) for words in samples})


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


PERSON = st.tuples(
    st.integers(1, 10**9).map(str),
    st.text("abcdeéñ'-", min_size=1, max_size=9).filter(lambda name: set(name) - set("'-")),
    st.text("fghijöü ", min_size=1, max_size=9).filter(str.strip).map(str.strip),
)
AROUND = st.text("aZ09é .,;:/|=_-\n\t", max_size=8)


def in_csv(*values: str) -> str:
    said = io.StringIO()
    csv.writer(said).writerow(["1", *values, "9"])
    return said.getvalue()


def in_json(*values: str) -> str:
    return json.dumps({"note": f"line\n{values[1]}\t{values[2]}", "of": {"number": values[0], "rest": 77}})


REMAINS = (
    in_csv,
    in_json,
    lambda *values: json.dumps({"body": in_json(*values)}),
    lambda *values: in_json(*values).replace("\\", "\\\\"),
    lambda *values: f"INFO imported {values[1]}, {values[2]} ({values[0]})",
    lambda *values: f"{values[0]}_{values[1]}_{values[2]}.pdf",
    lambda *values: "".join(f"<td>{value}</td>" for value in values),
    lambda *values: f"GET /x?number={values[0]}&who=%3C{values[1]}+{values[2]}%3E",
)


@given(PERSON, AROUND, AROUND, st.sampled_from(REMAINS))
def test_what_is_left_of_somebody_is_found_however_it_is_written(
    person: tuple[str, str, str], before: str, after: str, written: Callable[..., str]
) -> None:
    """Where Yearturn writes a value at all, something stands between it and its neighbours."""
    said = f"{before} {written(*person)} {after}".lower().encode()
    assert Finder([person]).is_in(said), said


@given(PERSON, st.integers(10**14, 2**62), st.sampled_from("0123456789abcxyz"))
def test_a_number_in_a_longer_one_and_a_name_in_another_are_somebody_elses(
    person: tuple[str, str, str], key: int, other: str
) -> None:
    """A sibling: the family name is theirs too, and the number stands in a random key or behind a letter of another."""
    number, name, _ = person
    finder = Finder([(number, name)])
    for longer in (f"{number}{key}", f"{key}{number}", f"{other}{number}", f"{number}{other}"):
        assert not finder.is_in(f"{name}\x1f{longer}\x1f".encode())
    assert finder.is_in(f"{name}\x1f{number}\x1f{key}".encode())


def test_an_address_that_ends_like_another_is_another() -> None:
    finder = Finder([("ann@birch.example",)])
    assert not finder.is_in(b"joann@birch.example")
    assert not finder.is_in(b"ann@birch.example2")
    for said in (
        "<ann@birch.example>",
        "mailto:ann@birch.example",
        "%3cann@birch.example%3e",
        "to\\nann@birch.example",
    ):
        assert finder.is_in(said.encode()), said
