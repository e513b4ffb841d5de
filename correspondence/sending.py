"""Writing one occasion's letters: to whom, what, and handing them over one by one."""

import datetime as dt

from django_tenants.utils import schema_context

from accounts.models import Role, User
from correspondence.claims import claim_letter, fail_letter, note, settle_letter, skip_letter
from correspondence.errors import LaterError
from correspondence.mailing import hand_over, open_mail
from correspondence.models import Letter, LetterState
from correspondence.occasions import Occasion, values_of, why_not
from correspondence.rendering import render
from correspondence.templates import current_template
from tenants import clock

NOBODY = "There is no active district admin to write to."
LEFT = "The person is not an active district admin any more."


def write_letters(occasion: Occasion, at: dt.datetime) -> list[Letter]:
    """Make the letters of an occasion in the entered district, one for each district admin; those that wait.

    Asking again makes none twice: the database holds one for each occasion and admin.
    """
    facts = {
        "district": occasion.district,
        "suite": occasion.suite,
        "school_year": occasion.school_year,
        "kind": occasion.kind,
        "about": occasion.case.pk if occasion.case else None,
    }
    admins = sorted(addresses())
    common = {**facts, "recipient_role": Role.DISTRICT_ADMIN, "created_at": at}
    letters = [Letter(**common, recipient_id=admin) for admin in admins]
    if not admins:
        nobody = {"state": LetterState.SKIPPED, "answer": NOBODY, "recipient_role": ""}
        letters = [Letter(**{**common, **nobody}, recipient_id=None)]
    with schema_context("public"):
        Letter.objects.bulk_create(letters, ignore_conflicts=True)
        return list(Letter.objects.filter(**facts, state=LetterState.WAITING).order_by("pk"))


def send_waiting(occasion: Occasion, letters: list[Letter]) -> None:
    """Send letters of an occasion that wait, in the entered district, outside of any transaction.

    Raises:
        LaterError: the mail server took some of them not yet, or could not be reached.
    """
    as_of = clock.today_in(occasion.district.time_zone)
    if why := why_not(occasion, as_of):
        for letter in letters:
            skip_letter(letter, why, clock.now())
        return
    known = addresses()
    for letter in [letter for letter in letters if letter.recipient_id not in known]:
        skip_letter(letter, LEFT, clock.now())
    letters = [letter for letter in letters if letter.recipient_id in known]
    later = [letter for letter in letters if _send(occasion, letter, known[letter.recipient_id or 0], as_of)]
    if later:
        raise LaterError(f"{len(later)} of {len(letters)} letters were not taken yet by the mail server")


def give_up(letters: list[Letter], error: str, at: dt.datetime) -> None:
    """The job has been tried as often as it may be: whatever still waits has failed."""
    for letter in letters:
        fail_letter(letter, f"It was tried for a day. {error}", at)


def addresses() -> dict[int, str]:
    """The entered district's active admins: their e-mail addresses by their keys."""
    admins = User.objects.filter(role=Role.DISTRICT_ADMIN, is_active=True).order_by("pk")
    return dict(admins.values_list("pk", "email"))


def _send(occasion: Occasion, letter: Letter, address: str, as_of: dt.date) -> bool:
    """Send one letter on a connection of its own; whether it has to be tried again."""
    template, values = current_template(letter.kind), values_of(occasion, as_of)
    rendered = render(template.subject, template.body, values)
    try:
        connection = open_mail()
    except LaterError as error:
        with schema_context("public"):
            note(letter.pk, str(error), at=clock.now())
        raise
    try:
        attempt = claim_letter(letter, template, values)
        if attempt is None:
            return False
        reply_to = occasion.csm.email if occasion.csm else ""
        outcome = hand_over(connection, letter, attempt, rendered, address, reply_to)
    finally:
        connection.close()
    settle_letter(letter, attempt, outcome, clock.now())
    return outcome.state == LetterState.WAITING
