"""Which district has which product, in the public schema."""

from typing import ClassVar

from django.db import models

from tenants.models import District


class Subscription(models.Model):
    """A district's subscription to a product, by the product's code."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="subscriptions")
    product = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day; empty while it is open-ended.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district", "product"], name="one_subscription")]

    def __str__(self) -> str:
        return self.product
