"""Estimating the model's parameters without labels: no pair is ever told to be the same child or not.

How often levels agree by chance comes from random pairs; how often they agree of the same child from expectation
maximisation (Splink's); how siblings and twins agree from pairs *within* a site that have a guardian in common.
"""

import logging
from typing import Any, Final

import pyarrow as pa
from splink import Linker

from transfers.matching.duck import sealed
from transfers.matching.kin import floored
from transfers.matching.levels import Comparison
from transfers.matching.linkage import Linkage
from transfers.matching.parameters import Parameters, Shares
from transfers.matching.scoring import linker

RANDOM_PAIRS: Final = 300_000
SEED: Final = 1
SESSIONS: Final = (
    "l.birth = r.birth",
    "l.family = r.family AND l.given = r.given",
    "l.postcode = r.postcode AND l.house = r.house",
)
"""Pairs in which expectation maximisation looks for the same children: each session learns the fields that it does
not block on. A session whose column nobody has is left out."""
SESSION_NEEDS: Final = ("birth", "given", "postcode")
LEAST_SHARE: Final = 0.0005
"""No level is taken to be impossible of the same child because none was seen."""
LEAST_CHANCE: Final = 1e-7


def train(incoming: pa.Table, site: pa.Table, random_pairs: int = RANDOM_PAIRS) -> Parameters:
    """Parameters for two tables of `people.SCHEMA`, estimated from these tables alone."""
    with sealed(memory="2GB") as connection:
        linkage = Linkage(connection, incoming, whole=True)
        linkage.add_site(site)
        linkage.fold()
        return estimate(linkage, random_pairs)


def estimate(linkage: Linkage, random_pairs: int) -> Parameters:
    """Parameters of a linkage that has kept its whole site."""
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    model = linker(linkage, linkage.fields, None)
    model.training.estimate_u_using_random_sampling(max_pairs=random_pairs, seed=SEED)
    present = {field.field for field in linkage.fields}
    for session, needs in zip(SESSIONS, SESSION_NEEDS, strict=True):
        if needs in present:
            model.training.estimate_parameters_using_expectation_maximisation(
                session, estimate_without_term_frequencies=True
            )
    same, others = _learnt(model, linkage.fields)
    return Parameters(same=same, others=others, siblings={}, twins={})


def _learnt(model: Linker, fields: tuple[Comparison, ...]) -> tuple[Shares, Shares]:
    """m and u of each level, none of them zero, as Splink holds them after training."""
    same: Shares = {}
    others: Shares = {}
    saved = {
        item["output_column_name"]: item["comparison_levels"] for item in model.misc.save_model_to_json()["comparisons"]
    }
    for field in fields:
        levels = [level for level in saved[field.field] if not level.get("is_null_level")]
        named = dict(zip(field.names, levels, strict=True))
        same[field.field] = floored(_shares(named, "m_probability"), lambda _: LEAST_SHARE)
        others[field.field] = floored(_shares(named, "u_probability"), lambda _: LEAST_CHANCE)
    return same, others


def _shares(levels: dict[str, dict[str, Any]], which: str) -> dict[str, float]:
    return {name: level.get(which) or 0.0 for name, level in levels.items()}
