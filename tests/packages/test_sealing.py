"""Packages that only the district can open: its public keys, what is no key, and the way back."""

from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from ledger.models import LedgerEntry
from reports.packages.checking import check_package
from reports.packages.errors import PackageError
from reports.packages.loading.opening import opened, read_identities
from reports.packages.models import Package, PackageKey
from reports.packages.places import KEYS, SEALED, folder_of, path_of
from reports.packages.sealing import MISTYPED, NOT_YOURS_TO_GIVE, UNKNOWN, add_key, recipient_of, seal
from tenants.models import District
from tests.packages.conftest import ADMIN, NOW
from tests.support.people import logged_in


def ssh_pair() -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return public.decode(), private.decode()


def test_a_sealed_package_opens_with_any_key_of_the_district_and_no_other(
    filled: Callable[..., District], built: Callable[..., Package], bare: None, tmp_path: Path
) -> None:
    district = filled(suites="math", students=40)
    one, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    public, private = ssh_pair()
    add_key(district, str(one.to_public()), actor=ADMIN, at=NOW)
    add_key(district, f"{public} dana@school.example", actor=ADMIN, at=NOW)
    package = built(district, "math")
    assert {path.name for path in folder_of(package).iterdir()} == {SEALED, KEYS}, "no copy in clear is left"
    assert package.encrypted_to == [str(one.to_public()), public]
    for number, identity in enumerate((str(one), private)):
        keys = tmp_path / f"key-{number}.txt"
        keys.write_text(identity)
        with opened(path_of(package), keys) as plain:
            assert check_package(plain).suite == "math"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(path_of(package).read_bytes(), [other])
    assert LedgerEntry.objects.get(kind="package_built").facts["encrypted"] is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", UNKNOWN),
        ("hello", UNKNOWN),
        (str(pyrage.x25519.Identity.generate()), NOT_YOURS_TO_GIVE),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", NOT_YOURS_TO_GIVE),
        ("age1abc", MISTYPED),
        (f"{pyrage.x25519.Identity.generate().to_public()}"[:-1], MISTYPED),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", MISTYPED),
        ("ssh-ed25519", UNKNOWN),
        ("ecdsa-sha2-nistp256 AAAA", UNKNOWN),
    ],
    ids=["empty", "word", "secret-age", "secret-ssh", "short-age", "cut-age", "cut-ssh", "no-key", "other-kind"],
)
def test_what_is_no_public_key(text: str, said: str) -> None:
    with pytest.raises(PackageError) as refused:
        recipient_of(text)
    assert str(refused.value) == said


@given(st.text(max_size=80) | st.text().map(lambda text: f"age1{text}") | st.text().map(lambda t: f"ssh-rsa {t}"))
def test_any_text_is_a_key_or_is_refused(text: str) -> None:
    try:
        kept = recipient_of(text)
    except PackageError:
        return
    assert recipient_of(kept) == kept


@given(content=st.binary(max_size=200_000))
def test_sealed_bytes_come_back(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    key = pyrage.x25519.Identity.generate()
    (folder / "plain").write_bytes(content)
    seal(folder / "plain", folder / "sealed", [str(key.to_public())])
    assert pyrage.decrypt((folder / "sealed").read_bytes(), read_identities(str(key))) == content


@pytest.fixture
def admin(district: District) -> Client:
    return logged_in(district, Role.DISTRICT_ADMIN)


def test_the_page_of_keys(district: District, admin: Client) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    secret = str(pyrage.x25519.Identity.generate())
    refused = admin.post("/reports/packages/keys/", {"recipient": secret})
    assert refused.status_code == 400
    assert secret not in refused.content.decode(), "a secret is not sent back"
    assert "keep it" in refused.content.decode()
    assert admin.post("/reports/packages/keys/", {"recipient": f" {key.upper()}\n"}).status_code == 302
    assert admin.post("/reports/packages/keys/", {"recipient": key}).status_code == 302
    assert [each.recipient for each in PackageKey.objects.all()] == [key]
    shown = admin.get("/reports/packages/keys/").content.decode()
    assert f"{key[:10]}…{key[-8:]}" in shown
    assert logged_in(district, Role.SCHOOL_ADMIN).get("/reports/packages/keys/").status_code == 403
    assert admin.post(f"/reports/packages/keys/{PackageKey.objects.get().pk}/remove/").status_code == 302
    assert not PackageKey.objects.exists()
    kinds = list(LedgerEntry.objects.order_by("number").values_list("kind", flat=True))
    assert kinds[-2:] == ["package_key_added", "package_key_removed"]
    assert key not in str(list(LedgerEntry.objects.values_list("facts", flat=True)))


def test_another_districts_key_stays(district: District, other_district: District, admin: Client) -> None:
    theirs = add_key(other_district, str(pyrage.x25519.Identity.generate().to_public()), actor=ADMIN, at=NOW)
    assert admin.post(f"/reports/packages/keys/{theirs.pk}/remove/").status_code == 302
    assert PackageKey.objects.filter(pk=theirs.pk).exists()
