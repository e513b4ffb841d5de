"""`train_matching`: makes `transfers/matching/parameters.json` again, from made-up districts and without labels."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from transfers.matching.identifiers import with_identifiers
from transfers.matching.kin import with_kin
from transfers.matching.parameters import FILE
from transfers.matching.people import as_table
from transfers.matching.practice.districts import make_pair
from transfers.matching.training import train


class Command(BaseCommand):
    """Trains on a pair of made-up districts; who is who in it is not looked at."""

    help = "Estimate the parameters of the students' matching model again, from made-up districts, without labels."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`[--seed N] [--students N]`."""
        parser.add_argument("--seed", type=int, default=11, help="of the made-up districts")
        parser.add_argument("--students", type=int, default=20_000, help="on the site that receives")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train and write the file."""
        count: int = options["students"]
        pair = make_pair(options["seed"], count, back=count // 5, twins=0, siblings=0, strangers=count // 5)
        site = as_table(pair.site)
        parameters = with_identifiers(with_kin(train(as_table(pair.incoming), site), site))
        FILE.write_text(parameters.as_json(), encoding="utf-8")
        self.stdout.write(f"trained on {len(pair.incoming):,} and {len(pair.site):,} made-up students: {FILE.name}")
