"""A kind's wording: the newest version, and making the next."""

import datetime as dt

from django.db import transaction
from django_tenants.utils import schema_context

from correspondence.errors import CorrespondenceError
from correspondence.models import Kind, MailTemplate
from correspondence.placeholders import check_text
from correspondence.wording import WORDING
from tenants import clock

FIRST = 1
MAKER = "system:sources"


def current_template(kind: str) -> MailTemplate:
    """The newest version of a kind's wording; the first is made of the sources' sentences when it is asked for.

    So is the next, when those sentences have changed and nobody has made the wording their own.
    """
    with schema_context("public"):
        newest = MailTemplate.objects.filter(kind=kind).order_by("-version").first()
        return newest if newest and not _is_outdated(newest) else _sources_own(kind, newest)


def current_templates() -> list[MailTemplate]:
    """The newest version of every kind, in the order of the year. One question, once all have a first version."""
    with schema_context("public"):
        found = MailTemplate.objects.order_by("kind", "-version").distinct("kind")
        newest = {template.kind: template for template in found if not _is_outdated(template)}
    return [newest.get(kind) or current_template(kind) for kind in Kind.values]


def save_template(kind: str, *, subject: str, body: str, based_on: int, actor: str, at: dt.datetime) -> MailTemplate:
    """Make the next version of a kind's wording; letters that were sent keep theirs.

    Args:
        based_on: the version that was being changed: somebody else's newer one is not written over.

    Raises:
        PlaceholderError: a placeholder does not exist.
        CorrespondenceError: nothing was changed, or somebody else made a version meanwhile.
    """
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    check_text(subject)
    check_text(body)
    with schema_context("public"), transaction.atomic():
        first = current_template(kind)
        newest = MailTemplate.objects.select_for_update().filter(kind=kind).order_by("-version").first() or first
        if newest.version != based_on:
            raise CorrespondenceError(
                f"Somebody has saved version {newest.version} meanwhile. Look at it, then make your change again."
            )
        if (newest.subject, newest.body) == (subject, body):
            raise CorrespondenceError(f"Nothing was changed: this is version {newest.version} as it stands.")
        template, is_new = MailTemplate.objects.get_or_create(
            kind=kind,
            version=newest.version + 1,
            defaults={"subject": subject, "body": body, "made_at": at, "made_by": actor},
        )
    if not is_new:
        raise CorrespondenceError("Somebody has saved the same version number at this moment. Look at it, then repeat.")
    return template


def _is_outdated(template: MailTemplate) -> bool:
    """Whether a wording is the sources' own and that has changed since: nobody's words are written over by it."""
    wording = WORDING[template.kind]
    return template.made_by == MAKER and (template.subject, template.body) != (wording.subject, wording.body)


def _sources_own(kind: str, before: MailTemplate | None) -> MailTemplate:
    wording, version = WORDING[kind], before.version + 1 if before else FIRST
    facts = {"subject": wording.subject, "body": wording.body, "made_at": clock.now(), "made_by": MAKER}
    template, _ = MailTemplate.objects.get_or_create(kind=kind, version=version, defaults=facts)
    return template
