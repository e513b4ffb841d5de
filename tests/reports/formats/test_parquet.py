"""Parquet, read back by Arrow: types, nulls, exact text, labels."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import DataError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.formats import parquet
from reports.formats.parquet import write_parquet
from reports.yearend.columns import Column, Kind
from tests.reports.formats.tables import COLUMNS, RISKY_TEXTS, ROWS, counting, sheet_of

pytestmark = pytest.mark.django_db


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert write_parquet(path, sheet_of(note="Without summer.")) == len(ROWS)
    table = pq.read_table(path)
    assert [tuple(row.values()) for row in table.to_pylist()] == list(ROWS)
    assert [field.type for field in table.schema] == [
        pa.string(), pa.int64(), pa.float64(), pa.float64(), pa.date32(), pa.bool_(),
    ]  # fmt: skip
    assert table.schema.field("lessons").metadata == {
        b"label": b"Lessons passed", b"about": b"Lessons with the result passed.", b"kind": b"whole",
    }  # fmt: skip
    told = {name: table.schema.metadata[name] for name in (b"title", b"note")}
    assert told == {b"title": b"Usage by student", b"note": b"Without summer."}


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    assert write_parquet(tmp_path / "a.parquet", sheet_of(rows=[])) == 0
    table = pq.read_table(tmp_path / "a.parquet")
    assert (table.num_rows, table.schema.names) == (0, [column.name for column in COLUMNS])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(RISKY_TEXTS | st.none(), st.floats() | st.none()), max_size=5), st.booleans())
def test_any_text_and_number_is_exact(tmp_path: Path, rows: list[tuple[Any, ...]], is_single: bool) -> None:
    columns = [Column("a", "A"), Column("b", "B", Kind.DECIMAL)][: 1 if is_single else 2]
    rows = [row[: len(columns)] for row in rows]
    write_parquet(tmp_path / "a.parquet", sheet_of(columns, rows))
    found = [tuple(row.values()) for row in pq.read_table(tmp_path / "a.parquet").to_pylist()]
    assert repr(found) == repr(rows)  # NaN is not equal to itself


def test_row_groups_hold_whole_blocks_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BLOCK", 50_000)
    assert write_parquet(tmp_path / "a.parquet", counting(20_000)) == 20_000
    file = pq.ParquetFile(tmp_path / "a.parquet")
    assert file.num_row_groups > 3
    assert file.read().column("n").to_pylist() == list(range(1, 20_001))


def test_a_broken_query_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError), transaction.atomic():
        write_parquet(tmp_path / "a.parquet", counting(50_000, "100 / (40000 - n)"))
    assert list(tmp_path.iterdir()) == []
