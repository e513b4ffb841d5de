"""How siblings, twins and unrelated namesakes agree, counted within one site: its records are different children.

That two records of one site share a guardian is known without anybody's having labelled them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import pyarrow as pa

from transfers.matching.duck import sealed
from transfers.matching.levels import MISSING
from transfers.matching.linkage import Linkage
from transfers.matching.parameters import Parameters, Shares
from transfers.matching.scoring import Scored, compared

ADULTS: Final = (
    "(SELECT key, birth_date, unnest(str_split(guardians, chr(30))) AS adult FROM batch WHERE guardians <> '')"
)
KIN: Final = f"""
SELECT DISTINCT one.key AS incoming, other.key AS site FROM {ADULTS} AS one JOIN {ADULTS} AS other USING (adult)
WHERE one.key <> other.key AND (one.birth_date = other.birth_date) = {{twins}}
"""
UNRELATED: Final = """
SELECT one.key AS incoming, other.key AS site FROM batch AS one JOIN batch AS other USING ({column})
WHERE one.key <> other.key AND one.guardians <> other.guardians ORDER BY hash(one.key, other.key) LIMIT 50000
"""
OF_FAMILY: Final = ("family", "guardian")
OF_TWINS: Final = ("family", "guardian", "birth", "grade")
"""What siblings and twins share is written elsewhere with the same errors as of the same child."""
SIBLING_NAMES: Final = {
    "same": 0.0002, "order": 0.0002, "moved": 0.0002, "preferred": 0.002, "nickname": 0.005, "part": 0.02,
    "letter": 0.02, "similar": 0.04, "shared": 0.05,
}  # fmt: skip
TWIN_NAMES: Final = {
    "same": 0.0002, "order": 0.0002, "moved": 0.0002, "preferred": 0.005, "nickname": 0.03, "part": 0.05,
    "initial": 0.01, "letter": 0.05, "similar": 0.1, "shared": 0.1,
}  # fmt: skip
"""How often siblings' and twins' given names resemble each other, at least: generated names are drawn without regard
to a brother's. Set high, to be careful."""
LEAST: Final = 0.0005
"""No other level is taken to be impossible of them because none was seen."""
TWINS_EACH: Final = 0.05
"""A student has so many twins on a site, at least."""


def with_kin(parameters: Parameters, site: pa.Table) -> Parameters:
    """Parameters with what one site says of siblings, twins and unrelated children with something in common."""
    siblings, sibling_pairs = _counted(parameters, site, KIN.format(twins="false"))
    twins, twin_pairs = _counted(parameters, site, KIN.format(twins="true"))
    namesakes, _ = _counted(parameters, site, UNRELATED.format(column="family_name"))
    age_mates, _ = _counted(parameters, site, UNRELATED.format(column="birth_date"))
    return replace(
        parameters,
        others=parameters.others | {"guardian": namesakes["guardian"], "grade": age_mates["grade"]},
        siblings=_kin(siblings, parameters.same, OF_FAMILY, SIBLING_NAMES),
        twins=_kin(twins, parameters.same, OF_TWINS, TWIN_NAMES),
        siblings_each=sibling_pairs / site.num_rows,
        twins_each=max(twin_pairs / site.num_rows, TWINS_EACH),
    )


def _kin(counted: Shares, same: Shares, shared: Iterable[str], names: dict[str, float]) -> Shares:
    found = counted | {field: same[field] for field in shared}
    found["given"] = floored(found["given"], lambda level: names.get(level, LEAST))
    return found


def _counted(parameters: Parameters, site: pa.Table, query: str) -> tuple[Shares, int]:
    """The share of each level among a query's pairs, and how many pairs there are."""
    with sealed(memory="2GB") as connection:
        linkage = Linkage(connection, site, whole=True)
        linkage.add_pairs(site, query)
        linkage.fold()
        pairs = compared(
            linkage, tuple(field for field in linkage.fields if field.field in parameters.same), parameters
        )
        return {field.field: _share(field.field, field.names, pairs) for field in linkage.fields}, len(pairs)


def _share(field: str, names: tuple[str, ...], pairs: list[Scored]) -> dict[str, float]:
    seen = Counter(pair.levels[field] for pair in pairs)
    total = sum(seen[name] for name in names) or 1
    return floored({name: seen[name] / total for name in names}, lambda _: LEAST)


def floored(shares: dict[str, float], least: Callable[[str], float]) -> dict[str, float]:
    """Shares that add up to one, none below its least one."""
    raised = {level: max(share, least(level)) for level, share in shares.items() if level != MISSING}
    return {level: share / sum(raised.values()) for level, share in raised.items()}
