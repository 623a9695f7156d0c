"""Suppliers that may only pass goods on, and where the goods probably come from."""

from functools import reduce
from operator import or_

import ibis

from bongsu.codes.entrepots import Entrepot, entrepots
from bongsu.indicators.home_supply import PERIOD, HomeSupply, home_supply
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.mirror import CIF_MARGIN, MIRROR, one_source, with_mirror
from bongsu.indicators.partners import WORLD
from bongsu.indicators.structure import GROUP, WHOLE
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

KEY = (*GROUP, "supplier")
PASSED = 0.8  # imports this large a part of the exports can have fed nearly all of them
LEAVES = 0.5  # below this part of what comes in, more is used than passed on
MAKES = 0.5  # below this part of what goes out, imports leave most of it to be made there
_PLACE = ("supplier", *PERIOD)


def reexport_hubs(flows: ibis.Table, home: str, margin: float = CIF_MARGIN) -> ibis.Table:
    """Each supplier of `home`: is it a hub for the good, and whose goods does it pass on?

    Args:
        flows: `trade_flow` rows of both directions and of all reporters at hand.
        home: ISO alpha-3.
        margin: of imports (c.i.f.) over exports (f.o.b.).

    Returns:
        `KEY` for suppliers with a positive value, and: `share` of home's imports; `listed`, a known place of re-export;
        `passed`, its imports of the good from others than home over its own exports, by `passed_by` (weight_kg, or
        value where a weight is unknown); `by_rule`, true where these imports are 0.8 of the exports or more and half
        of them or more leaves again, false where they are less than half and nothing of them is hidden, null where
        that cannot be told; `hub`: the rule's word, or "true" of the list where the rule has none; `ground` ("data",
        "list"). `origin`, the largest source of its imports, and `origin_share` of them; `origin_covers`, the origin's
        value over what goes home; `origin_is_top`: it is home's top supplier already; `through_most`, the part of
        home's imports that may be the origin's by this way. All of the origin null where it does not report its imports.
    """
    supply = home_supply(flows, home, margin)
    bought = supply.groups
    wanted = bought.select(code=bought.traded, valid=bought.valid, frequency=bought.frequency).distinct()
    sellers = supply.shares.filter(supply.shares.value > 0).select(reporter="partner").distinct()
    near = flows.semi_join(wanted, PERIOD)
    return _told(_met(supply, _taken_in(near, sellers, home, margin), _sold(near, sellers)))


def _where(test: ibis.Column, figure: ibis.Column) -> ibis.Column:
    return ibis.ifelse(test, figure, ibis.null("float64"))


def _strict(figure: ibis.Column, counted: ibis.Column) -> ibis.Column:
    """The sum over the rows `counted`; null where one of them is unknown."""
    lacking = (counted & figure.isnull()).cast("int64").sum()
    return ibis.ifelse(lacking > 0, ibis.null("float64"), _where(counted, figure).sum())


def _one(rows: ibis.Table) -> ibis.Column:
    """The only currency; null where there is none or more than one."""
    least = rows.currency.min()
    return ibis.ifelse(least == rows.currency.max(), least, ibis.null("string"))


def _taken_in(flows: ibis.Table, sellers: ibis.Table, home: str, margin: float) -> ibis.Table:
    """What each seller buys from others than home, f.o.b., from whom most, and whether that is all it buys."""
    rows = with_mirror(flows, "import", margin).semi_join(sellers, "reporter")
    world, supplier = rows.partner.isin(WORLD), rows.supplier
    third = supplier & (rows.partner != home) & (rows.partner != rows.reporter)
    value = _where(third & (rows.value > 0), rows.value / (1 + margin))
    known = ibis.coalesce(rows.value >= 0, ibis.literal(value=False))
    listed, total = _where(supplier & known, rows.value).sum(), _where(world & known, rows.value).max()
    hidden = (~world & (~supplier | ~known)).cast("int64").sum()
    full = ibis.coalesce(listed >= WHOLE * total, world.cast("int64").sum() == 0)
    rank = ibis.struct({"minus": -value, "partner": rows.partner})
    return rows.group_by(supplier=rows.reporter, code=rows.code, valid=rows.valid, frequency=rows.frequency).aggregate(
        in_source=rows.source.max(),
        in_currency=_one(rows),
        in_whole=full & (hidden == 0) & (rows.source.max() != MIRROR),
        taken=value.sum(),
        taken_kg=_strict(_where(rows.weight_kg >= 0, rows.weight_kg), third),
        origin=rows.partner.argmin(rank, where=value.notnull()),
        origin_value=value.max(),
    )


def _sold(flows: ibis.Table, sellers: ibis.Table) -> ibis.Table:
    """What each seller says that it exports in all; its customers' word would be a part only."""
    rows = one_source(flows.filter(flows.flow == "export")).semi_join(sellers, "reporter")
    supplier, world = rows.supplier, rows.partner.isin(WORLD)
    totals = world.cast("int64").sum()
    value, weight = _where(rows.value >= 0, rows.value), _where(rows.weight_kg >= 0, rows.weight_kg)
    return rows.group_by(supplier=rows.reporter, code=rows.code, valid=rows.valid, frequency=rows.frequency).aggregate(
        out_currency=_one(rows),
        sold=ibis.ifelse(totals > 0, _where(world, value).max(), _strict(value, supplier)),
        sold_kg=ibis.ifelse(totals > 0, _where(world, weight).max(), _strict(weight, supplier)),
    )


def _met(supply: HomeSupply, taken: ibis.Table, sold: ibis.Table) -> ibis.Table:
    """Home's suppliers with their own imports and exports of the good, under its first six digits."""
    shares = supply.shares.filter(supply.shares.value > 0)
    homes = supply.groups.select(*GROUP, "traded", "currency", "top_supplier")
    rows = shares.inner_join(homes, GROUP).select(
        *GROUP, "share", "value", "traded", "currency", "top_supplier", supplier=shares.partner
    )
    for found in (taken, sold):
        right = found.rename({f"_{name}": name for name in _PLACE})
        same = [
            rows.supplier == right["_supplier"],
            rows.traded == right["_code"],
            rows.valid == right["_valid"],
            rows.frequency == right["_frequency"],
        ]
        more = [name for name in found.columns if name not in _PLACE]
        rows = rows.left_join(right, same).select(*rows.columns, *more)
    return rows


def _told(rows: ibis.Table) -> ibis.Table:
    nothing, no = ibis.null("float64"), ibis.literal(value=False)
    by_kg = _where(rows.sold_kg > 0, rows.taken_kg / rows.sold_kg.nullif(0))
    same = (rows.in_currency == rows.out_currency) & (rows.sold > 0)
    by_value = _where(same, rows.taken / rows.sold.nullif(0))
    passed = ibis.coalesce(by_kg, by_value)
    whole = ibis.coalesce(rows.in_whole, no)
    rule = ibis.cases(
        ((passed >= PASSED) & (passed * LEAVES <= 1), ibis.literal(value=True)),
        (whole & (passed < MAKES), no),
    )
    # What its suppliers say bounds its imports from below, but one that is seen is not the largest for that.
    own = rows.in_source != MIRROR
    listed = _listed(rows.supplier, rows.valid)
    origin_share = _where(whole & (rows.taken > 0), rows.origin_value / rows.taken.nullif(0))
    at_most = ibis.ifelse(passed > 1, ibis.literal(1.0), passed)
    return rows.select(
        *KEY,
        "share",
        listed=listed,
        passed=passed,
        passed_by=ibis.cases((by_kg.notnull(), "weight_kg"), (by_value.notnull(), "value")),
        by_rule=rule,
        hub=ibis.coalesce(rule, ibis.ifelse(listed, ibis.literal(value=True), ibis.null("boolean"))),
        ground=ibis.cases((rule.notnull(), "data"), (listed, "list")),
        imports_basis=ibis.cases((rows.in_source == MIRROR, MIRROR), (rows.in_source.notnull(), "imports")),
        origin=ibis.ifelse(own, rows.origin, ibis.null("string")),
        origin_share=origin_share,
        origin_covers=_where(
            own & (rows.in_currency == rows.currency) & (rows.value > 0), rows.origin_value / rows.value.nullif(0)
        ),
        origin_is_top=ibis.ifelse(own, rows.origin == rows.top_supplier, ibis.null("boolean")),
        through_most=ibis.coalesce(rows.share * at_most * origin_share, nothing),
    )


def _listed(supplier: ibis.Column, on: ibis.Column) -> ibis.Column:
    return reduce(or_, (_holds(supplier, on, one) for one in entrepots()))


def _holds(supplier: ibis.Column, on: ibis.Column, one: Entrepot) -> ibis.Column:
    held = (supplier == one.code) & (on >= one.since)
    return held if one.until is None else held & (on <= one.until)


INDICATOR = Indicator(
    id="reexport_hubs",
    name=Text("중계지 의심 공급국", "Suppliers that may be re-export hubs"),
    unit=Text("예·아니오·모름, 0–1", "yes, no or unknown; 0–1"),
    formula="passed = M/X; hub if M/X ≥ 0.8 and X/M ≥ 0.5, no if M/X < 0.5; through_most = s · min(1, M/X) · m_o/M",
    source=(
        "entrepôt trade as imports matched by exports of the same good: Grubel & Lloyd (1975), Intra-Industry Trade; "
        "Feenstra & Hanson (2004), JEMS 13; Mellens, Noordman & Verbruggen (2007), CPB Document 149. "
        "The thresholds are ours; the list: codes/data/entrepots.csv"
    ),
    caveats=(
        Text(
            "들어온 만큼 나간다는 것이지 같은 물건이라는 증거는 아니다. 가공하거나 같은 부호의 다른 물품을 주고받아도 그렇게 보인다.",
            "As much goes out as comes in: no proof that the goods are the same. Processing, or trade in different goods of "
            "one code, looks alike.",
        ),
        Text(
            "ground = list는 알려진 중계지라는 뜻일 뿐, 이 품목의 자료를 본 것이 아니다.",
            "ground = list says only that the place is known for re-exports; the good's own figures were not seen.",
        ),
        Text(
            "수입을 원산지로 적는 나라에서는 중계지가 이미 걸러져 있을 수 있다. 생산 자료는 HS 부호와 이어지지 않아 쓰지 않았다.",
            "Where imports are booked by country of origin, hubs may be filtered out already. Production is not used: no "
            "table joins it to HS codes.",
        ),
        Text(
            "출발지는 중계지 자신의 수입 통계가 있을 때만 말한다. 상대국 통계로 본 수입은 일부일 뿐이어서 passed에만 쓴다.",
            "An origin is named only from the hub's own imports. What its suppliers report is a part of them and counts in "
            "passed alone.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=reexport_hubs,
    asks=("home",),
)
