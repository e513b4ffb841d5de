"""What packages hear of: a district that is being removed."""

from typing import Any

from django.dispatch import receiver

from reports.packages.destroying import destroy_all
from tenants import clock
from tenants.models import District
from tenants.signals import district_removing


@receiver(district_removing, dispatch_uid="packages-removing")
def destroy_packages(district: District, **_: Any) -> None:
    """A district is being removed with everything in it."""
    destroy_all(district, actor="system:packages", at=clock.now())
