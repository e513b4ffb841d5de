"""Which district has which product, at the CSM's desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from products.models import Subscription
from products.registry import suites
from tenants.admin import DistrictAdmin
from tenants.desk import BookAdmin, EditedInline


def product_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every product by its suite."""
    return [(suite.name, [(product.code, product.name) for product in suite.products]) for suite in suites()]


def _names() -> dict[str, str]:
    return {product.code: product.name for suite in suites() for product in suite.products}


class SubscriptionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A subscription, with the products by name."""

    product = forms.ChoiceField(choices=product_choices, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Subscription
        fields: ClassVar = ["district", "product", "starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", f"That is before its first day, {starts_on}. Give a later day, or none.")
        return cleaned


class SubscriptionInline(EditedInline):
    """A district's subscriptions."""

    model = Subscription
    form = SubscriptionForm
    fields = ("product", "starts_on", "ends_on")


DistrictAdmin.inlines = [*DistrictAdmin.inlines, SubscriptionInline]


@admin.register(Subscription)
class SubscriptionAdmin(BookAdmin):
    """Subscriptions of the book."""

    form = SubscriptionForm
    list_display = ("district", "product_name", "starts_on", "ends_on")
    list_filter = ("product",)
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    autocomplete_fields = ("district",)
    ordering = ("district_id", "product")

    @display(description="product", ordering="product")
    def product_name(self, subscription: Subscription) -> str:
        """The product's name; its code when the product is gone."""
        return _names().get(subscription.product, subscription.product)

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> tuple[str, ...]:
        """A subscription stays its district's."""
        return ("district",) if obj else ()
