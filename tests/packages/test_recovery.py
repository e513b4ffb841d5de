"""A database from a backup knows packages again that were destroyed since: they are destroyed again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from ledger.verifying import verify_district
from reports.packages.destroying import destroy_package
from reports.packages.models import GoneReason
from reports.packages.places import PLAIN, folder_of
from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district
from tests.packages.conftest import ADMIN, NOW
from tests.packages.ready import ready
from tests.packages.test_erasing import destroy, states, write_ledger
from tests.support.backups import dump, restored


def test_what_was_destroyed_since_a_backup_is_destroyed_again(
    filled: Callable[..., District], clock: Callable[[str], Any], tmp_path: Path
) -> None:
    clock(NOW.isoformat())
    district = filled(suites="literacy", students=40)
    with enter_district(district):
        gone, other = Student.objects.order_by("pk").values_list("pk", flat=True)[:2]
    erased, asked, stays = (ready(district, students=(key,)) for key in (gone, other, other))
    dump(tmp_path / "backup")
    destroy_package(district, asked, reason=GoneReason.ASKED, actor=ADMIN, at=NOW)
    unknown = ready(district, students=(other,))
    destroy_package(district, unknown, reason=GoneReason.ASKED, actor=ADMIN, at=NOW)
    destroy(district, gone)
    write_ledger(district)
    wanted = {erased.pk: ("gone", "erased"), asked.pk: ("gone", "asked"), stays.pk: ("ready", "")}
    with restored(tmp_path / "backup"):
        assert states()[erased.pk] == states()[asked.pk] == ("ready", "")
        for package in (erased, asked, unknown):  # the folder came back with the machine's own backup
            folder_of(package).mkdir(parents=True)
            (folder_of(package) / PLAIN).write_bytes(b"back")
        connections.close_all()
        call_command("replay_dispositions", verbosity=0)
        assert states() == wanted
        assert [folder_of(each).exists() for each in (erased, asked, unknown, stays)] == [False, False, False, True]
        assert not verify_district(district.pk).problems
