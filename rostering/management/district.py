"""What the roster's commands share."""

from django.core.management.base import CommandError

from tenants.models import District


def named_district(slug: str) -> District:
    """The active district of this slug.

    Raises:
        CommandError: there is none.
    """
    district = District.objects.filter(slug=slug, removed_at=None).first()
    if district is None:
        raise CommandError(f"There is no district {slug!r}.")
    return district
