"""A file in ranges: any way to split it gives the file; what is asked for wrongly is told."""

from itertools import pairwise
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.packages.handing import merged
from reports.serving import ranged_file

CONTENT = bytes(number % 251 for number in range(5000))
TAG = "a" * 64


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("served") / "package.zip"
    file.write_bytes(CONTENT)
    return file


def asked(method: str = "GET", **headers: str) -> HttpRequest:
    return RequestFactory().generic(
        method, "/", headers={name.replace("_", "-"): said for name, said in headers.items()}
    )


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, len(CONTENT) - 1), unique=True, max_size=12), order=st.randoms())
def test_any_split_gives_the_file(path: Path, cuts: list[int], order: object) -> None:
    edges = [0, *sorted(cuts), len(CONTENT)]
    pieces = list(pairwise(edges))
    order.shuffle(pieces)  # type: ignore[attr-defined]
    found, sent = bytearray(len(CONTENT)), []
    for first, end in pieces:
        response = ranged_file(
            asked(Range=f"bytes={first}-{end - 1}", If_Range=f'"{TAG}"'), path, "p.zip", TAG,
            sent=lambda *told: sent.append(list(told)),
        )  # fmt: skip
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {first}-{end - 1}/{len(CONTENT)}"
        found[first:end] = body(response)
    assert bytes(found) == CONTENT
    assert merged(sent) == [[0, len(CONTENT)]]


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=4000-", 4000, 5000),
        ("bytes=-10", 4990, 5000),
        ("bytes=-99999", 0, 5000),
        ("bytes=4990-99999", 4990, 5000),
        ("Bytes = 1 - 2", 1, 3),
    ],
)
def test_forms_of_ranges(path: Path, said: str, first: int, end: int) -> None:
    response = ranged_file(asked(Range=said), path, "p.zip", TAG)
    assert (response.status_code, response["Content-Length"]) == (206, str(end - first))
    assert body(response) == CONTENT[first:end]


@pytest.mark.parametrize("said", ["bytes=5000-", "bytes=5000-6000", "bytes=-0"])
def test_what_it_does_not_have(path: Path, said: str) -> None:
    response = ranged_file(asked(Range=said), path, "p.zip", TAG)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */5000")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=2-1"},
        {"Range": "bytes=0-1,5-6"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=-"},
        {"Range": "bytes=\u0661-"},
        {"Range": f"bytes={'9' * 30}-"},
        {"Range": "bytes=0-9", "If_Range": '"another"'},
        {"Range": "bytes=0-9", "If_Range": f'W/"{TAG}"'},
        {"Range": "bytes=0-9", "If_Range": "Wed, 24 Jun 2026 15:00:00 GMT"},
    ],
)
def test_the_whole_where_no_single_range_is_meant(path: Path, headers: dict[str, str]) -> None:
    response = ranged_file(asked(**headers), path, 'p "1".zip', TAG)
    assert (response.status_code, response["Accept-Ranges"], response["ETag"]) == (200, "bytes", f'"{TAG}"')
    assert response["Content-Length"] == "5000"
    assert body(response) == CONTENT


def test_head_sends_no_byte_and_tells_nothing(path: Path) -> None:
    told: list[object] = []
    response = ranged_file(asked("HEAD", Range="bytes=0-9"), path, "p.zip", TAG, sent=lambda *each: told.append(each))
    assert (response.status_code, response["Content-Length"], body(response)) == (206, "10", b"")
    assert not told


def test_what_was_broken_off_counts_as_far_as_it_went(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.serving.PART", 1000)
    told: list[object] = []
    response = ranged_file(asked(), path, "p.zip", TAG, sent=lambda *each: told.append(each))
    parts = iter(response.streaming_content)  # type: ignore[attr-defined]
    next(parts), next(parts), next(parts)
    response.close()
    assert told == [(0, 2000)], "the third part may not have left"


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: [pair[0], sum(pair)])))
def test_merged_ranges_hold_the_same_places(ranges: list[list[int]]) -> None:
    def places(found: list[list[int]]) -> list[int]:
        return [place for first, end in found for place in range(first, end)]

    assert places(merged(ranges)) == sorted(set(places(ranges)))
