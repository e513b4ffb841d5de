"""Wording: a closed vocabulary, versions, and defaults that are true of every suite."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.errors import CorrespondenceError, PlaceholderError
from correspondence.models import OF_REQUESTS, Kind, MailTemplate
from correspondence.occasions import occasion_of, values_of
from correspondence.placeholders import PLACEHOLDERS, check_text, fill_text
from correspondence.rendering import render
from correspondence.templates import current_template, current_templates, save_template
from correspondence.wording import WORDING
from tenants.models import District
from tests.correspondence.conftest import RESET_ON, was_reset

AT = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def test_an_unknown_placeholder_is_named_with_those_known() -> None:
    with pytest.raises(PlaceholderError) as caught:
        check_text("Dear {{ student }} of {{ district }}, {{student.name}}")
    words = str(caught.value)
    assert "There is no placeholder {{ student }}, {{ student.name }}." in words
    assert all(f"{{{{ {name} }}}}" in words for name in PLACEHOLDERS)


@pytest.mark.parametrize("text", ["{{ district", "district }}", "{% if x %}", "{{ {{ district }} }}", "{{}}"])
def test_braces_that_are_no_placeholder_are_refused(text: str) -> None:
    with pytest.raises(PlaceholderError):
        check_text(text)


@given(st.text(max_size=200))
def test_a_text_is_refused_or_filled_without_braces(text: str) -> None:
    try:
        filled = fill_text(text, {})
    except PlaceholderError:
        return
    assert "{{" not in filled


def test_a_value_is_never_read_as_a_template() -> None:
    assert fill_text("{{ district }}", {"district": "{{ csm }}"}) == "{{ csm }}"
    rendered = render("{{ district }}", "{{ district }}", {"district": "<b>\nA & B"})
    assert rendered.subject == "<b> A & B"
    assert "&lt;b&gt;" in rendered.html


@pytest.mark.parametrize("kind", [kind for kind in Kind.values if kind not in OF_REQUESTS])
def test_every_kind_has_a_wording_that_fills(dated: District, kind: str) -> None:
    was_reset(dated)
    occasion = occasion_of(dated, "literacy", 2026, kind)
    assert occasion
    assert occasion.on == RESET_ON
    template = current_template(kind)
    assert (template.subject, template.body) == WORDING[kind]
    rendered = render(template.subject, template.body, values_of(occasion, dt.date(2026, 7, 1)))
    assert len(rendered.subject) < 200
    assert "Dear district admin of Maple Unified," in rendered.text


def test_every_kind_is_listed_once_and_made_once(db: None) -> None:
    assert [template.kind for template in current_templates()] == Kind.values
    assert [template.version for template in current_templates()] == [1] * len(Kind.values)
    assert MailTemplate.objects.count() == len(Kind.values)


def test_saving_makes_a_version_and_keeps_the_old(db: None) -> None:
    made = save_template("day_80", subject="Soon", body="{{ days }}\r\nleft", based_on=1, actor="csm:1", at=AT)
    assert (made.version, made.body) == (2, "{{ days }}\nleft")
    assert current_template("day_80") == made
    assert MailTemplate.objects.get(kind="day_80", version=1).body == WORDING[Kind.DAY_80].body
    with pytest.raises(CorrespondenceError, match="saved version 2 meanwhile"):
        save_template("day_80", subject="Other", body="x", based_on=1, actor="csm:2", at=AT)
    with pytest.raises(CorrespondenceError, match="Nothing was changed"):
        save_template("day_80", subject="Soon", body="{{ days }}\nleft", based_on=2, actor="csm:2", at=AT)
    with pytest.raises(PlaceholderError):
        save_template("day_80", subject="{{ nobody }}", body="x", based_on=2, actor="csm:2", at=AT)
    assert MailTemplate.objects.filter(kind="day_80").count() == 2
