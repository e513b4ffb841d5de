"""Remove a district and everything in it, for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import clock
from tenants.models import District
from tenants.services import remove_district


class Command(BaseCommand):
    """`manage.py remove_district SLUG --confirm SLUG`."""

    help = "Drop a district's schema with everything in it. What the ledger says of it stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("slug")
        parser.add_argument("--confirm", metavar="SLUG", default="", help="the slug once more: there is no way back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove it.

        Raises:
            CommandError: there is no such district, or it is not confirmed.
        """
        slug = options["slug"]
        district = District.objects.filter(slug=slug, removed_at=None).first()
        if district is None:
            raise CommandError(f"There is no district {slug!r}. Known: {_known_slugs()}.")
        if options["confirm"] != slug:
            raise CommandError(f"This destroys every record of {district.name}. If you mean it, add: --confirm {slug}")
        remove_district(district, actor="command", at=clock.now())
        self.stdout.write(f"{district.name} is removed: its schema {district.schema_name} is gone; its ledger stays.")


def _known_slugs() -> str:
    slugs = list(District.objects.filter(removed_at=None).values_list("slug", flat=True)[:20])
    return ", ".join(slugs) or "none"
