"""People who log in. The table exists in the public schema (vendor staff) and in each district's (its own people)."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from accounts.models_visits import SupportVisit

__all__ = ["DISTRICT_ROLES", "VENDOR_ROLES", "Role", "SupportVisit", "SupportVisitor", "User", "UserManager"]


class Role(models.TextChoices):
    """Who somebody is. The first two exist in the public schema only, the others in a district's only."""

    SUPERUSER = "superuser", "Superuser"
    CSM = "csm", "Customer success manager"
    DISTRICT_ADMIN = "district_admin", "District admin"
    SCHOOL_ADMIN = "school_admin", "School admin"
    EDUCATOR = "educator", "Educator"
    SUPPORT = "support", "Support visit"
    """Vendor staff who look at a district, and nobody's own role: no row of the table may have it."""


VENDOR_ROLES = (Role.SUPERUSER, Role.CSM)
DISTRICT_ROLES = (Role.DISTRICT_ADMIN, Role.SCHOOL_ADMIN, Role.EDUCATOR)


class UserManager(BaseUserManager["User"]):
    """Makes users in the schema that is entered."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who logs in with an e-mail address; without a password nobody can log in as them.

        The address is kept in small letters: nobody has two accounts that differ in capitals only.
        """
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Who logs in with an address, however they write it."""
        return self.get(email=(username or "").strip().lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A superuser, in the public schema (used by `createsuperuser`)."""
        return self.create_user(email, password, **{"name": email, **fields, "role": Role.SUPERUSER})


class User(AbstractBaseUser):
    """Somebody who logs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices)
    school_id = models.BigIntegerField(null=True, blank=True, help_text="A school admin's own school.")
    educator_id = models.BigIntegerField(null=True, blank=True, help_text="The educator whose sections they see.")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, as the admin asks for it."""
        return self.name

    def get_short_name(self) -> str:
        """The same."""
        return self.name

    @property
    def is_superuser(self) -> bool:
        """Whether everything in the admin is open to them."""
        return self.is_active and self.role == Role.SUPERUSER

    @property
    def is_staff(self) -> bool:
        """Whether they may open the admin, which only the public host serves."""
        return self.is_active and self.role in VENDOR_ROLES

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """The admin's question; each ModelAdmin narrows it further for CSMs."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin lists an app for them."""
        return self.is_staff

    @property
    def actor(self) -> str:
        """How records name them: role and key, never a name."""
        return f"{self.role}:{self.pk}"


class SupportVisitor(User):
    """Who looks during a support visit: what a district admin may see, and nothing to be changed. Never a row."""

    visit: SupportVisit

    class Meta:
        proxy = True

    def save(self, *_: Any, **__: Any) -> None:
        """Never: a visitor is not one of the district's people.

        Raises:
            TypeError: always.
        """
        raise TypeError("a support visitor is nobody's account")

    @classmethod
    def of(cls, visit: SupportVisit) -> "SupportVisitor":
        """The visitor of a visit."""
        visitor = cls(name=visit.name, role=Role.SUPPORT)
        visitor.visit = visit
        return visitor

    @property
    def actor(self) -> str:
        """How records name them: the visit, whose own record says who it was."""
        return f"{self.role}:{self.visit.pk}"
