"""Making and closing accounts, in the schema that is entered."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.errors import InvalidUserError, WrongSchemaError
from accounts.models import DISTRICT_ROLES, VENDOR_ROLES, Role, User
from tenants.schema import current_schema

PUBLIC = "public"


def create_district_user(
    *,
    email: str,
    password: str | None,
    name: str,
    role: Role,
    school_id: int | None = None,
    educator_id: int | None = None,
) -> User:
    """Make an account in the district that is entered.

    Args:
        password: None makes an account that nobody can log in to yet.
        school_id: of a school admin, and of nobody else.
        educator_id: of an educator, and of nobody else.

    Raises:
        InvalidUserError: says of every wrong field what is wrong and how to mend it; nothing was made.
        WrongSchemaError: no district is entered.
    """
    if current_schema() == PUBLIC:
        raise WrongSchemaError("a district's user is made with the district entered: enter it first")
    problems = _problems(email, password, name)
    if role not in DISTRICT_ROLES:
        problems["role"] = f"{role} is not a role in a district. Use one of {', '.join(DISTRICT_ROLES)}."
    problems |= _belonging_problems(role, school_id, educator_id)
    if problems:
        raise InvalidUserError(problems)
    return User.objects.create_user(
        email, password, name=name.strip(), role=role, school_id=school_id, educator_id=educator_id
    )


def create_vendor_user(*, email: str, password: str | None, name: str, role: Role) -> User:
    """Make an account for the vendor's staff, in the public schema. A CSM's book is found by the e-mail address.

    Raises:
        InvalidUserError: says of every wrong field what is wrong and how to mend it; nothing was made.
        WrongSchemaError: a district is entered.
    """
    if current_schema() != PUBLIC:
        raise WrongSchemaError("a vendor's user is made in the public schema: leave the district first")
    problems = _problems(email, password, name)
    if role not in VENDOR_ROLES:
        problems["role"] = f"{role} is not a vendor's role. Use one of {', '.join(VENDOR_ROLES)}."
    if problems:
        raise InvalidUserError(problems)
    return User.objects.create_user(email, password, name=name.strip(), role=role)


def deactivate_user(user: User) -> None:
    """Close an account: its sessions end with their next request. Doing it twice is harmless."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False


def _problems(email: str, password: str | None, name: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    try:
        validate_email(email)
    except ValidationError:
        problems["email"] = "That is no e-mail address. Use one such as admin@a.example."
    else:
        if User.objects.filter(email__iexact=email).exists():
            problems["email"] = "Somebody has an account with this e-mail address. Use another, or open theirs again."
    if not 1 <= len(name.strip()) <= 150:
        problems["name"] = "Give the person's name, at most 150 characters."
    if password is not None:
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            problems["password"] = " ".join(error.messages)
    return problems


def _belonging_problems(role: Role, school_id: int | None, educator_id: int | None) -> dict[str, str]:
    problems: dict[str, str] = {}
    if (role == Role.SCHOOL_ADMIN) != (school_id is not None):
        problems["school_id"] = "A school admin has one school; nobody else has one."
    if (role == Role.EDUCATOR) != (educator_id is not None):
        problems["educator_id"] = "An educator's account names the educator on the roster; no other account does."
    return problems
