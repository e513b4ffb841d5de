"""Splink's part: comparison vectors and match weights of the blocked pairs, and the estimation without labels."""

import logging
from dataclasses import dataclass
from typing import Any, Final

from splink import DuckDBAPI, Linker

from transfers.matching.comparisons import EMAIL, STATE_ID
from transfers.matching.levels import Comparison
from transfers.matching.linkage import INCOMING, SITE, TERMS, Linkage
from transfers.matching.parameters import Parameters

PRIOR: Final = 0.5
"""Splink's own prior, taken out again: the weights are to speak of the evidence alone."""
LEAST: Final = 4.0
"""Pairs with less evidence (in bits) are not looked at further: of a hundred students none would be likely."""


@dataclass(frozen=True)
class Scored:
    """A pair that may be: the evidence in bits against two children of no relation, and the level of each field."""

    incoming: int
    site: int
    weight: float
    levels: dict[str, str]


def linker(linkage: Linkage, fields: tuple[Comparison, ...], parameters: Parameters | None) -> Linker:
    """Splink over the folded tables."""
    database = DuckDBAPI(linkage.connection)
    settings: dict[str, Any] = {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": PRIOR,
        "comparisons": [field.for_splink(parameters.odds(field.field) if parameters else None) for field in fields],
        "blocking_rules_to_generate_predictions": ["l.birth = r.birth"],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
    }
    tables = [database.register(INCOMING), database.register(SITE)]
    made = Linker(tables, settings, log_level=logging.ERROR, validate_settings=False)
    for term in TERMS:
        if any(level.term == term for field in fields for level in field.levels):
            made.table_management.register_term_frequency_lookup(database.register(f"frequency_{term}"), term)
    made.table_management.register_blocked_pairs_for_predict(database.register("blocked"))
    return made


def score(linkage: Linkage, parameters: Parameters) -> list[Scored]:
    """The blocked pairs that may be, and those with an identifier in common or an earlier import."""
    linkage.fold()
    fields = tuple(field for field in linkage.fields if field.field in parameters.same)
    if not fields:
        return []
    identifiers = [field for field in (STATE_ID, EMAIL) if field in fields]
    worth = [
        f"match_weight >= {LEAST}",
        "unique_id_r IN (SELECT known_as FROM incoming WHERE key = unique_id_l)",
        *(f"gamma_{field.field} = {len(field.levels)}" for field in identifiers),
    ]
    return compared(linkage, fields, parameters, " OR ".join(worth))


def compared(
    linkage: Linkage, fields: tuple[Comparison, ...], parameters: Parameters, worth: str = "true"
) -> list[Scored]:
    """The blocked pairs of folded tables for which a condition holds."""
    predicted = linker(linkage, fields, parameters).inference.predict(warning_mode="never")
    gammas = ", ".join(f"gamma_{field.field}" for field in fields)
    rows = linkage.connection.execute(
        f'SELECT unique_id_l, unique_id_r, match_weight, {gammas} FROM "{predicted.physical_name}"'
        f" WHERE {worth} ORDER BY 1, 2"
    ).fetchall()
    return [Scored(row[0], row[1], row[2], _levels(fields, row[3:])) for row in rows]


def _levels(fields: tuple[Comparison, ...], gammas: tuple[int, ...]) -> dict[str, str]:
    return {field.field: field.level(gamma) for field, gamma in zip(fields, gammas, strict=True)}
