"""`typeset_example`: the example of a certificate in docs/, as PDF and as a picture of its first page."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from certificates.example import example_certificate
from certificates.paper.typeset import as_pdf, as_picture


class Command(BaseCommand):
    """It needs no database; development's key signs, so that anybody can check the example."""

    help = "Typeset the example of a certificate in docs/ (PDF and picture). It needs no database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files."""
        example, docs = example_certificate(), Path(settings.BASE_DIR) / "docs"
        for path, data in (
            (docs / "certificate-example.pdf", as_pdf(example)),
            (docs / "images" / "certificate.png", as_picture(example)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            self.stdout.write(f"{path.name}: {len(data):,} bytes")
