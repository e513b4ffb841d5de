"""Every kind of record, held against the official document's schema."""

from typing import Any

import pytest

from api.oneroster.fields import Hrefs
from api.oneroster.language.asking import read_query
from api.oneroster.queries import Narrowing, count_of, keys_of, records_of, where_of
from api.oneroster.resource import Resource
from api.oneroster.routes import WHOLE
from tests.oneroster.documents import Document

HREFS = Hrefs("https://maple.example.org/ims/oneroster/rostering/v1p2", "https://maple.example.org/g")


def read(resource: Resource, **query: str) -> list[dict[str, Any]]:
    asked = read_query(query, resource)
    where = where_of(resource, Narrowing(), asked)
    keys = keys_of(resource, where, asked)
    found = records_of(resource, where, keys, HREFS, asked.fields)
    if asked.offset == 0 and asked.limit > len(keys):
        assert count_of(resource, where) == len(keys)
    return found


@pytest.mark.parametrize(("name", "resource"), WHOLE)
def test_every_record_is_as_the_document_says(inside: Any, rostering: Document, name: str, resource: Resource) -> None:
    found = read(resource)
    assert found or name == "gradingPeriods"
    rostering.check(f"/{name}", "get", 200, {resource.plural: found})
