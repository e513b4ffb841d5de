"""A file is right to the last byte, or it is told what is wrong: without any database."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.checking import check_certificate
from certificates.example import example_certificate
from certificates.keys import as_pem
from certificates.paper.sealed import MARK, attached_file
from certificates.paper.typeset import as_pdf
from certificates.sealing import as_file
from ledger.signing import canonical
from tests.support.people import PUBLIC_HOST

ROOT = Path(__file__).resolve().parents[2]
OTHER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@cache
def files() -> tuple[bytes, bytes]:
    """The example's JSON and PDF."""
    example = example_certificate()
    return as_file(example), as_pdf(example)


def test_both_are_right_and_the_same_each_time() -> None:
    data, pdf = files()
    assert check_certificate(data).is_right
    assert check_certificate(pdf).is_right
    assert attached_file(pdf) == data
    assert as_pdf(example_certificate()) == pdf


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_single_changed_byte_is_detected(drawn: st.DataObject) -> None:
    for whole in files():
        place = drawn.draw(st.integers(0, len(whole) - 1))
        flipped = whole[place] ^ drawn.draw(st.integers(1, 255))
        changed = whole[:place] + bytes([flipped]) + whole[place + 1 :]
        assert not check_certificate(changed).is_right, (place, flipped)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_cut_or_longer_file_is_detected(drawn: st.DataObject) -> None:
    for whole in files():
        place = drawn.draw(st.integers(0, len(whole) - 1))
        more = drawn.draw(st.binary(min_size=1, max_size=5))
        for changed in (whole[:place], whole[:place] + more + whole[place:], whole[:place] + whole[place + 1 :]):
            assert changed == whole or not check_certificate(changed).is_right


def test_a_seal_that_is_changed_in_one_of_its_places_is_detected() -> None:
    _, pdf = files()
    at = pdf.rindex(MARK.encode()) + len(MARK)
    assert not check_certificate(pdf[:at] + b"0" * 16 + pdf[at + 16 :]).is_right


def changed(change: Any) -> bytes:
    file = json.loads(files()[0])
    change(file)
    return canonical(file)


def words_of(data: bytes) -> str:
    verdict = check_certificate(data)
    assert not verdict.is_right
    return " ".join(verdict.words)


def test_it_says_what_was_changed() -> None:
    def fewer(file: Any) -> None:
        file["certificate"]["categories"][2]["deleted"] = 1

    def both(file: Any) -> None:
        fewer(file)
        file["certificate"]["standing"]["title"] = "All gone"

    def added(file: Any) -> None:
        file["certificate"]["more"] = "x"

    assert words_of(changed(fewer)) == "It was changed after it was signed: the categories and their counts."
    assert "the categories and their counts, what is said to be removed by now" in words_of(changed(both))
    assert "a part named 'more'" in words_of(changed(added))
    spaced = json.dumps(json.loads(files()[0]), indent=1).encode()
    assert "Its values are as they were signed, but the file's bytes are not" in words_of(spaced)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The file is empty."),
        (b"hello", "cannot be read as JSON"),
        (b"[1]", "it lacks the certificate"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b'{"certificate":{},"digests":{},"signature":{"algorithm":"Ed25519","key":"","value":""}}', "not by a key"),
        (b"%PDF-1.7 hello", "holds no certificate"),
        (b"x" * 5_000_001, "no certificate has more"),
    ],
)
def test_what_is_no_certificate(data: bytes, told: str) -> None:
    assert told in words_of(data)


def test_another_installations_is_told_unless_its_key_is_given(tmp_path: Path) -> None:
    with override_settings(SIGNING_KEY=OTHER_KEY):
        theirs, key = as_file(example_certificate()), tmp_path / "keys.pem"
        key.write_text(as_pem())
    file = tmp_path / "certificate.json"
    file.write_bytes(theirs)
    with pytest.raises(CommandError, match="not by a key that is known here"):
        call_command("verify_certificate", str(file))
    call_command("verify_certificate", str(file), key=key)
    with pytest.raises(CommandError, match="is no Ed25519 public key"):
        call_command("verify_certificate", str(file), key=file)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_certificate", str(tmp_path / "nothing.pdf"))


def test_a_changed_page_of_a_pdf_is_told_and_its_data_shown() -> None:
    _, pdf = files()
    verdict = check_certificate(pdf[:5000] + bytes([pdf[5000] ^ 1]) + pdf[5001:])
    assert (verdict.title, verdict.document["certificate"]["number"]) == ("Changed", "7K3M-9QXW-2B5D")


def test_the_command_needs_no_service(tmp_path: Path) -> None:
    """With addresses at which nothing listens."""
    file = tmp_path / "certificate.pdf"
    file.write_bytes(files()[1])
    nowhere = {"DATABASE_URL": "postgres://a:a@127.0.0.1:1/a", "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment = {**nowhere, "DJANGO_SETTINGS_MODULE": "config.settings.test", "YEARTURN_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_certificate", str(file)], cwd=ROOT, env=environment, check=False,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Genuine and unchanged"), done.stderr
    assert not (tmp_path / "data").exists()


@pytest.fixture
def anybody() -> Client:
    """A stranger's browser; no fixture of this test opens the database, so that any query is an error."""
    return Client(headers={"host": PUBLIC_HOST})


@pytest.mark.parametrize("cookie", ["", "of-somebody"])
def test_the_page_asks_no_database(anybody: Client, tmp_path: Path, cookie: str) -> None:
    if cookie:
        anybody.cookies["sessionid"] = cookie
    assert b"Check a certificate" in anybody.get("/certificates/check/").content
    for data, said in ((files()[0], b"Genuine and unchanged"), (files()[1], b"Genuine"), (b"x", b"Not a genuine")):
        file = tmp_path / "file"
        file.write_bytes(data)
        with file.open("rb") as opened:
            answer = anybody.post("/certificates/check/", {"file": opened})
        assert (answer.status_code, said in answer.content) == (200, True)
    assert b"BEGIN PUBLIC KEY" in anybody.get("/certificates/keys.pem").content
    assert anybody.get("/certificates/check/?number=7k3m9qxw2b5d")["Location"].endswith("/check/7K3M-9QXW-2B5D/")
    assert b"is no number of a certificate" in anybody.get("/certificates/check/?number=<b>").content


def test_the_page_refuses_what_is_no_file(anybody: Client) -> None:
    answer = anybody.post("/certificates/check/", {})
    assert (answer.status_code, b"Choose the certificate" in answer.content) == (400, True)


def test_the_example_in_the_documentation_is_genuine_and_new() -> None:
    from config.settings.dev import SIGNING_KEY

    pdf = (ROOT / "docs" / "certificate-example.pdf").read_bytes()
    with override_settings(SIGNING_KEY=SIGNING_KEY):
        assert check_certificate(pdf).is_right
        is_new = attached_file(pdf) == as_file(example_certificate())
    assert is_new, "make it anew: python manage.py typeset_example"
