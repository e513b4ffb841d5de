"""Districts are made whole or not at all, and removed for good."""

from tenants.models import District


def test_a_ready_district_is_empty_and_rolls_back(district: District, other_district: District) -> None:
    assert {row.slug for row in District.objects.all()} == {"maple", "cedar"}


def test_the_committed_one(committed_district: District) -> None:
    assert District.objects.get().slug == "birch"


def test_nothing_is_left(db: None) -> None:
    assert not District.objects.exists()
