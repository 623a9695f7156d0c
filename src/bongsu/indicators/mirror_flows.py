"""What the importer says against what the exporter says of the same trade."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.mirror import CIF_MARGIN, between_countries, one_source
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

TRADE = ("importer", "exporter", "code", "valid", "frequency")
_PERIOD = ("code", "valid", "frequency")


def mirror_flows(flows: ibis.Table, home: str | None = None, margin: float = CIF_MARGIN) -> ibis.Table:
    """Both sides of each trade and how far they differ.

    Args:
        flows: `trade_flow` rows of both directions and of all reporters at hand.
        home: ISO alpha-3 of the side to look at, as importer and as exporter; None: all pairs.
        margin: freight and insurance in imports, as a part of the f.o.b. value.

    Returns:
        `TRADE`, and of each side its `…s` (value as published), `…_kg`, `…_source`, and `…_status`: "reported",
        "withheld" (a row without a figure), "partner_absent" (it reports the code and period, with other partners
        only) or "not_reported" (no row of the code and period is held). Neither of the last two is zero.
        `currency`: of both, or of the only one; null where they differ. `ratio` i/e, `log_ratio` ln(i/e), `discrepancy` (i−e)/(i+e) from −1 to 1;
        `fob_ratio` and `fob_discrepancy`, with the margin taken out of the imports; `kg_discrepancy`. Null unless
        both sides are reported, and for values unless the currencies match. A reported zero counts: against a
        positive figure the discrepancy is then 1 or −1, and the ratios are null where they cannot be formed.
    """
    rows = one_source(flows)
    imports, exports = rows.filter(rows.flow == "import"), rows.filter(rows.flow == "export")
    both = _met(_side(imports, "import", home), _side(exports, "export", home))
    for part, said in (("importer", imports), ("exporter", exports)):
        heard = both.left_join(_speaking(said, part), [part, *_PERIOD])
        both = heard.select(*both.columns, f"{part}_speaks")
    return _compared(both, margin)


def _side(rows: ibis.Table, word: str, home: str | None) -> ibis.Table:
    """One side's rows under the names of its part in the trade; the other side's columns are empty."""
    rows = between_countries(rows)
    if home is not None:
        rows = rows.filter((rows.reporter == home) | (rows.partner == home))
    importer, exporter = (rows.reporter, rows.partner) if word == "import" else (rows.partner, rows.reporter)
    said = {"s": _known(rows.value), "_currency": rows.currency, "_kg": _known(rows.weight_kg), "_source": rows.source}
    columns = {
        f"{side}{name}": column if side == word else ibis.null(column.type())
        for side in ("import", "export")
        for name, column in said.items()
    }
    return rows.select(*_PERIOD, importer=importer, exporter=exporter, **columns)


def _known(figure: ibis.Column) -> ibis.Column:
    """A trade below zero is a correction of something that we do not see: unknown."""
    return ibis.ifelse(figure >= 0, figure, ibis.null("float64"))


def _met(imports: ibis.Table, exports: ibis.Table) -> ibis.Table:
    """One row a trade: each side has one row of it at most, so the greatest value is the only one."""
    rows = imports.union(exports)
    said = [name for name in rows.columns if name not in TRADE]
    return rows.group_by(*TRADE).aggregate(**{name: rows[name].max() for name in said})


def _speaking(rows: ibis.Table, part: str) -> ibis.Table:
    """Who reports a code in a period, with whatever partner."""
    seen = rows.select(**{part: rows.reporter}, **{name: rows[name] for name in _PERIOD}).distinct()
    return seen.mutate(**{f"{part}_speaks": ibis.literal(value=True)})


def _status(both: ibis.Table, word: str) -> ibis.Column:
    return ibis.cases(
        (both[f"{word}s"].notnull(), "reported"),
        (both[f"{word}_source"].notnull(), "withheld"),
        (both[f"{word}er_speaks"].notnull(), "partner_absent"),
        else_="not_reported",
    )


def _quotient(one: ibis.Column, other: ibis.Column) -> ibis.Column:
    return ibis.ifelse(other > 0, one / other.nullif(0), ibis.null("float64"))


def _discrepancy(one: ibis.Column, other: ibis.Column) -> ibis.Column:
    """(i−e)/(i+e); 0 where both say that nothing was traded."""
    apart = _quotient(one - other, one + other)
    return ibis.ifelse((one == 0) & (other == 0), ibis.literal(0.0), apart)


def _compared(both: ibis.Table, margin: float) -> ibis.Table:
    same = both.import_currency == both.export_currency
    nothing = ibis.null("float64")
    imports, exports = ibis.ifelse(same, both.imports, nothing), ibis.ifelse(same, both.exports, nothing)
    fob, ratio = imports / (1 + margin), _quotient(imports, exports)
    return both.select(
        *TRADE,
        *("imports", "exports"),
        currency=ibis.cases(
            (same, both.import_currency),
            (both.import_source.isnull(), both.export_currency),
            (both.export_source.isnull(), both.import_currency),
        ),
        import_kg=both.import_kg,
        export_kg=both.export_kg,
        import_source=both.import_source,
        export_source=both.export_source,
        import_status=_status(both, "import"),
        export_status=_status(both, "export"),
        ratio=ratio,
        log_ratio=ibis.ifelse(ratio > 0, ratio.nullif(0).ln(), nothing),
        discrepancy=_discrepancy(imports, exports),
        fob_ratio=_quotient(fob, exports),
        fob_discrepancy=_discrepancy(fob, exports),
        kg_discrepancy=_discrepancy(both.import_kg, both.export_kg),
    )


INDICATOR = Indicator(
    id="mirror_flows",
    name=Text("거울 통계와 그 차이", "Mirror flows and their discrepancy"),
    unit=Text("비율, 자연로그, −1에서 1", "ratio, natural logarithm, −1 to 1"),
    formula="i/e; ln(i/e); (i−e)/(i+e); the same with i/(1+0.06) for i",
    source=(
        "mirror comparison: UN, IMTS 2010 Compilers Manual; c.i.f./f.o.b. factor 1.06: IMF, Direction of Trade "
        "Statistics Yearbook 2017; reconciliation: Gaulier & Zignago (2010), CEPII WP 2010-23 (BACI)"
    ),
    caveats=(
        Text(
            "수입은 운임·보험료를 넣은 값(CIF), 수출은 뺀 값(FOB)이다. fob_ 열은 한 가지 비율(6%)로 낮춘 것이어서 "
            "품목과 항로에 따라 맞지 않고, 수입을 FOB로 내는 나라(미국의 과세 가격, 캐나다, 브라질 등)에서는 지나치다.",
            "Imports carry freight and insurance (c.i.f.), exports do not (f.o.b.). The fob_ columns take out one margin "
            "(6 %) for all goods and ways; it is too much for countries that publish imports f.o.b. (the United States' "
            "customs value, Canada, Brazil).",
        ),
        Text(
            "보고되지 않은 것은 0이 아니다. 상대국이 빠진 것(partner_absent)도 거래가 없었다는 뜻일 수도, 숨겼다는 뜻일 수도 있다.",
            "Not reported is not zero. A partner that a reporter does not name (partner_absent) may have traded nothing, or "
            "be withheld.",
        ),
        Text(
            "수입은 원산지, 수출은 최종 목적지로 적으므로 중계지가 끼면 어긋난다. 실어 나르는 기간만큼 달도 다르다.",
            "Imports are booked by origin, exports by last known destination: goods through a hub differ. A month's "
            "exports arrive in a later month.",
        ),
        Text(
            "여섯 자리까지만 견준다. 더 긴 부호는 먼저 여섯 자리로 더해야 하며, 두 나라의 HS 판이 다르면 같은 부호라도 다른 물품일 수 있다.",
            "Six digits at most are compared; longer codes must be added up first. Where two countries use different "
            "revisions of the HS, one code may be two goods.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=TRADE,
    compute=mirror_flows,
    asks=("home",),
)
