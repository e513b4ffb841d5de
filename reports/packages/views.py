"""The pages "Year packages": the list with what can be asked for, one package, and its file."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.pages import district_admin, district_of, page, person
from products.registry import suite_named
from reports.packages.destroying import destroy_package
from reports.packages.errors import PackageError
from reports.packages.handing import GONE, begin_handover, note_sent
from reports.packages.models import GoneReason, Package, PackageState
from reports.packages.places import path_of
from reports.packages.sealing import NOT_YOURS_TO_GIVE, add_key, keys_of, remove_key
from reports.packages.selectors import offers, package_of, packages_of
from reports.packages.services import ask_package
from reports.packages.showing import chip_of, reason_words, sealed_words
from reports.packages.terms import KEPT
from reports.serving import ranged_file
from tenants import clock

SECTION: Final = "reports"


@require_http_methods(["GET", "HEAD", "POST"])
def packages(request: HttpRequest) -> HttpResponse:
    """The district's packages, the newest first. A POST asks for one."""
    district = district_of(request)
    if request.method == "POST":
        user = district_admin(request)
        suite, year = _asked(request)
        return redirect("package", ask_package(district, suite, year, actor=user.actor, at=clock.now()).pk)
    found, more = packages_of(district, _key(request.GET.get("before", "")))
    context = {
        "rows": [(package, suite_named(package.suite), chip_of(package), reason_words(package)) for package in found],
        "before": found[-1].pk if more else None,
        "is_first": "before" not in request.GET,
        "offers": offers(district) if _may_change(request) else [],
        "may_change": _may_change(request),
        "kept_days": KEPT,
        "keys": len(keys_of(district)) if _may_change(request) else 0,
        "section_page": "true",
    }
    return page(request, "packages/list.html", SECTION, context)


@require_safe
def package(request: HttpRequest, package: UUID) -> HttpResponse:
    """One package: how far it is, what is in it, until when it is kept, how to check it."""
    found = _own(request, package)
    context = {
        **_shown(found),
        "may_change": _may_change(request),
        "sealed": [sealed_words(each) for each in found.encrypted_to],
        "handovers": found.handovers.order_by("-begun_at")[:10] if _may_change(request) else [],
        "tables": [each for each in found.contents if each["rows"]],
        "others": [each for each in found.contents if not each["rows"]],
    }
    return page(request, "packages/package.html", SECTION, context)


@require_safe
def package_progress(request: HttpRequest, package: UUID) -> HttpResponse:
    """The piece of a package's page that tells how far it is; a finished one makes the page load anew."""
    found = _own(request, package)
    if not found.is_open:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return page(request, "packages/parts/progress.html", SECTION, _shown(found))


@require_safe
def package_download(request: HttpRequest, package: UUID) -> HttpResponseBase:
    """The file, whole or a range of it; who fetched it, and whether to the last byte, is written down."""
    user, district = district_admin(request), district_of(request)
    found = _own(request, package)
    if found.state != PackageState.READY or not path_of(found).is_file():
        raise Http404(GONE)
    handovers: list[Any] = []

    def sent(first: int, end: int) -> None:
        note_sent(district, handovers[0], first, end, at=clock.now())

    response = ranged_file(request, path_of(found), file_name(found), found.sha256, sent=sent)
    if request.method == "GET" and response.status_code in (200, 206):
        try:
            handovers.append(begin_handover(district, found, actor=user.actor, at=clock.now()))
        except PackageError as gone:
            raise Http404(str(gone)) from None
    return response


@require_POST
def package_destroy(request: HttpRequest, package: UUID) -> HttpResponse:
    """Destroy a package before its day."""
    user = district_admin(request)
    found = _own(request, package)
    try:
        destroy_package(found.district, found, reason=GoneReason.ASKED, actor=user.actor, at=clock.now())
    except PackageError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The package is destroyed.")
    return redirect("package", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def package_keys(request: HttpRequest) -> HttpResponse:
    """The keys to which packages are encrypted. A POST adds one."""
    user, district = district_admin(request), district_of(request)
    text, refusal = request.POST.get("recipient", ""), ""
    if request.method == "POST":
        try:
            add_key(district, text, actor=user.actor, at=clock.now())
        except PackageError as refused:
            refusal = str(refused)
        else:
            messages.success(request, "Packages are encrypted to this key from now on.")
            return redirect("package_keys")
    context = {
        "keys": [(key, sealed_words(key.recipient)) for key in keys_of(district)],
        "text": "" if refusal == NOT_YOURS_TO_GIVE else text[:3000],
        "refusal": refusal,
        "section_page": "true",
    }
    return page(request, "packages/keys.html", SECTION, context, status=400 if refusal else 200)


@require_POST
def package_key_remove(request: HttpRequest, recipient: int) -> HttpResponse:
    """Encrypt no more packages to a key."""
    user = district_admin(request)
    remove_key(district_of(request), recipient, actor=user.actor, at=clock.now())
    messages.success(request, "The key is removed. Packages that are encrypted to it keep opening with it.")
    return redirect("package_keys")


def file_name(package: Package) -> str:
    """What a browser keeps a package as."""
    end = "zip.age" if package.encrypted_to else "zip"
    return f"{package.district.slug}-{package.suite}-{package.school_year - 1}-{package.school_year % 100:02}.{end}"


def _shown(found: Package) -> dict[str, Any]:
    return {
        "package": found,
        "suite": suite_named(found.suite),
        "chip": chip_of(found),
        "reason": reason_words(found),
        "file_name": file_name(found),
        "section_page": "true",
    }


def _own(request: HttpRequest, key: UUID) -> Package:
    found = package_of(district_of(request), key)
    if found is None:
        raise Http404("There is no such package in this district.")
    return found


def _asked(request: HttpRequest) -> tuple[str, int]:
    """The suite and year that a form asks for: one of those that are offered."""
    said = request.POST.get("year", "")
    for offer in offers(district_of(request)):
        for year in offer.years:
            if said == f"{offer.code} {year}":
                return offer.code, year
    raise Http404("There is no data of that year.")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _may_change(request: HttpRequest) -> bool:
    return person(request).role == Role.DISTRICT_ADMIN
