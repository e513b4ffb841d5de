"""The vendor's own log-ins, for superusers. A district's people are not in this database schema at all."""

from importlib import import_module
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from accounts.models import VENDOR_ROLES, Role, User
from accounts.services import create_vendor_user
from tenants.desk import SuperusersOnly

import_module("django.contrib.auth.admin")  # it registers groups when it is first imported: let it be before this
admin.site.unregister(Group)  # who may do what is the permission matrix's answer

ROLES = [(role.value, role.label) for role in VENDOR_ROLES]


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Somebody of the vendor's staff; on a change an empty password leaves the old one."""

    role = forms.ChoiceField(
        choices=ROLES, widget=UnfoldAdminSelectWidget, help_text="A CSM's book is found by the e-mail address."
    )
    new_password = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Left empty, the old one stays.",
    )

    class Meta:
        model = User
        fields: ClassVar = ["email", "name", "role", "is_active"]

    def clean_email(self) -> str:
        """In small letters, as it is kept."""
        return str(self.cleaned_data["email"]).lower()

    def clean_new_password(self) -> str:
        """A new account needs one, and each must be a good one."""
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, User(email=self.data.get("email", ""), name=self.data.get("name", "")))
        elif self.instance.pk is None:
            raise forms.ValidationError("Give the first password; the person can change it after logging in.")
        return password


@admin.register(User)
class UserAdmin(SuperusersOnly):
    """Who of the vendor's staff may log in. An account is closed, not deleted."""

    form = StaffForm
    fields = ("email", "name", "role", "is_active", "new_password")
    list_display = ("name", "email", "shown_role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name",)

    @display(description="role", ordering="role", label={"Superuser": "warning", Role.CSM.label: "info"})
    def shown_role(self, user: User) -> str:
        """The role in words."""
        return user.get_role_display()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Make the account, or save it with its new password."""
        password = form.cleaned_data["new_password"]
        if not change:
            made = create_vendor_user(email=obj.email, password=password, name=obj.name, role=Role(obj.role))
            obj.__dict__.update(made.__dict__)
            return
        if password:
            obj.set_password(password)
        super().save_model(request, obj, form, change)
