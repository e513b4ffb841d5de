"""The linkage's database: in memory, with nothing that it could read, write or fetch."""

import duckdb
import pytest

from tests.transfers.matching.people import choices, here, incoming
from transfers.matching.comparisons import STUDENT
from transfers.matching.duck import sealed
from transfers.matching.parameters import shipped


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO '{folder}/names.csv'",
        "ATTACH '{folder}/names.duckdb'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "INSTALL httpfs",
        "SET temp_directory = '{folder}'",
        "SET memory_limit = '100GB'",
    ],
)
def test_it_reaches_no_file(statement, tmp_path):
    with sealed() as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(folder=tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_is_refused_and_written_nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sealed(memory="16MB") as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.execute("CREATE TABLE much AS SELECT md5(i::text) AS name FROM range(2000000) AS r(i)")

    assert list(tmp_path.iterdir()) == []


def test_a_linkage_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    student = here(1, "Lucía", "Garcia")

    assert choices([incoming(student)], [student])[0].match == student.key
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_parameters_know_each_level():
    parameters = shipped()
    for field in STUDENT:
        for shares in (parameters.same, parameters.others, parameters.siblings, parameters.twins):
            assert set(shares[field.field]) == set(field.names)
            assert sum(shares[field.field].values()) == pytest.approx(1, abs=0.01)
            assert min(shares[field.field].values()) > 0
