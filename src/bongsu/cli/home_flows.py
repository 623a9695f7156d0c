"""What an indicator that asks for a home reads: the flows of all reporters, both ways, and the past."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import ibis

from bongsu.indicators.mirror import SHARED_DIGITS
from bongsu.indicators.rollup import rolled_up
from bongsu.indicators.yearly import yearly
from bongsu.language import Text, UsageError
from bongsu.records.shapes import TRADE_FLOW

HOME = "home"  # the argument by whose name an indicator asks for the home
_FIRST = date(1900, 1, 1)


def up_to(last: date | None, flow: str) -> Mapping[str, Any]:
    """The records to read for periods up to `last`: all before it too, whoever reports them.

    Raises:
        UsageError: a direction was asked for, of an indicator that reads both.
    """
    if flow != "import":
        raise UsageError(
            Text("이 지표는 수입과 수출을 함께 봅니다.", "this indicator reads imports and exports together."),
            where="--flow",
            mend=Text("--flow를 빼십시오.", "Leave --flow out."),
        )
    return {} if last is None else {"valid": (_FIRST, last)}


def of_all(
    flows: ibis.Table, home: str, codes: Collection[str], *, by_year: bool, depths: tuple[int | None, int | None]
) -> ibis.Table:
    """The flows in the depth, and of the codes, that were asked for.

    Args:
        flows: `trade_flow` rows of all reporters.
        home: ISO alpha-3.
        codes: the home's; others are read under their first six digits too; empty: all.
        by_year: months are added up to years.
        depths: from how many digits the home's codes are added up, and to how many; the second alone: only such codes.
    """
    names = [*TRADE_FLOW.key_names, *TRADE_FLOW.value_names]
    rows = (yearly(flows) if by_year else flows).select(*names)
    start, end = depths
    if start and end:
        own = rolled_up(rows.filter(rows.reporter == home), start, end).select(*names)
        rows = own.union(rows.filter((rows.reporter != home) & (rows.code.length() == end)))
    elif end:
        rows = rows.filter(rows.code.length() == end)
    shared = {code[:SHARED_DIGITS] for code in codes}
    return rows.filter(rows.code.isin(sorted({*codes, *shared}))) if codes else rows


def is_asked(row: Mapping[str, Any], codes: Collection[str], valid: date | None) -> bool:
    """Is a row of the answer of a code and period that was asked for? What was read beside them only helped."""
    of_code = not codes or "code" not in row or row["code"] in codes
    return of_code and (valid is None or "valid" not in row or row["valid"] == valid)
