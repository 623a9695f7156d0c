"""What a home country buys, from its own customs or, where they are silent, from what others say they sold it."""

from dataclasses import dataclass

import ibis

from bongsu.indicators.mirror import CIF_MARGIN, COLUMNS, MIRROR, SHARED_DIGITS, with_mirror
from bongsu.indicators.structure import GROUP, structure
from bongsu.indicators.supplier_shares import supplier_shares

PERIOD = ("code", "valid", "frequency")


@dataclass(frozen=True)
class HomeSupply:
    """A home's imports.

    Args:
        imports: `COLUMNS` of `mirror`, one source a code and period.
        groups: `structure` of them; never complete where the partners spoke for the home. `traded`: the first six
            digits of the code, under which the world trades it.
        shares: `GROUP`, `partner`, `value`, `weight_kg` (f.o.b. value; null where unknown), `share` 0–1.
    """

    imports: ibis.Table
    groups: ibis.Table
    shares: ibis.Table


def home_supply(flows: ibis.Table, home: str, margin: float = CIF_MARGIN) -> HomeSupply:
    """The imports of `home` (ISO alpha-3) in `flows`, whose rows may be of all reporters and both directions."""
    ours = flows.filter(
        ((flows.flow == "import") & (flows.reporter == home)) | ((flows.flow == "export") & (flows.partner == home))
    )
    imports = with_mirror(ours, "import", margin).filter(lambda row: row.reporter == home).select(*COLUMNS)
    found = structure(imports)
    whole = found.complete & (found.source != MIRROR)
    groups = found.mutate(complete=whole, traded=found.code.substr(0, SHARED_DIGITS))
    return HomeSupply(imports, groups, _shares(imports, found, margin))


def _shares(imports: ibis.Table, found: ibis.Table, margin: float) -> ibis.Table:
    shares = supplier_shares(imports, found)
    amounts = imports.select(*GROUP, "partner", "weight_kg")
    joined = shares.inner_join(amounts, (*GROUP, "partner"))
    return joined.select(
        *GROUP,
        "partner",
        "share",
        value=ibis.ifelse(joined.value >= 0, joined.value / (1 + margin), ibis.null("float64")),
        weight_kg=ibis.ifelse(joined.weight_kg >= 0, joined.weight_kg, ibis.null("float64")),
    )
