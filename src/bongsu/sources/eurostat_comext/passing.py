"""Which rows of Comext are passed over, and why: sums beside their parts, hidden codes, years that are not over."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from bongsu.language import Text
from bongsu.records.known import period_end
from bongsu.sources.cells import Coded, Fault
from bongsu.sources.doubles import key_numbers
from bongsu.sources.eurostat_comext import words
from bongsu.sources.eurostat_comext.columns import Stated
from bongsu.sources.statements import Mask, Statements

PASSED = ("total", "confidential_code", "special_code", "total_procedure", "aggregate", "re_export", "other_indicator",
          "no_unit", "year_to_date", "no_figure", "repeated")  # fmt: skip


def passed(
    found: Stated, keys: Mapping[str, Coded], procedure: Coded, indicator: Coded, ends: date, repeated: Mask
) -> Coded:
    """Why each row is passed over; PASSED holds the reasons, and the first that holds is given."""
    said = found.words("product")
    where: dict[str, Mask] = {
        "total": _among(said, (words.ALL_PRODUCTS,)) | _in_two(found),
        "confidential_code": _where(said, words.confidential),
        "special_code": _where(said, words.special),
        "total_procedure": _procedure_totals(found, procedure),
        "aggregate": _among(keys["partner"], (words.REPEATED,)) | _among(keys["reporter"], (words.REPEATED,)),
        "re_export": _among(keys["flow"], (words.RE_EXPORT,)),
        "other_indicator": _among(indicator, words.OTHER_INDICATORS),
        "no_unit": _among(indicator, words.UNITLESS),
        "year_to_date": _where(keys["period"], lambda word: word[1] != "M" and period_end(*word) >= ends),
        "no_figure": found.absent,
        "repeated": repeated,
    }
    reason = np.full(len(found.position), -1, dtype=np.int32)
    for number, name in enumerate(PASSED):
        reason[where[name] & (reason < 0)] = number
    return Coded(reason, PASSED)


def _where(column: Coded, test: Callable[[Any], object]) -> Mask:
    hit = [not isinstance(word, Fault) and bool(test(word)) for word in column.words]
    return np.asarray(np.array([*hit, False], dtype=np.bool_)[column.ids], np.bool_)


def _among(column: Coded, listed: Sequence[str]) -> Mask:
    return _where(column, lambda word: word in listed)


def _procedure_totals(found: Stated, procedure: Coded) -> Mask:
    """Rows for all procedures together whose parts stand beside them; alone, such a row is the fact."""
    total = _among(procedure, words.ALL_PROCEDURES)
    return total & _beside(found, ("reporter", "partner", "product", "flow", "period", "indicator"), total, ~total)


def _in_two(found: Stated) -> Mask:
    """Rows of a Q code (QQ) one of whose two parts (QR within the EU, QS outside) stands beside it."""
    fields = ("reporter", "product", "flow", "period", "procedure", "indicator")
    partner, hit = found.words("partner"), np.zeros(len(found.position), dtype=np.bool_)
    for whole, parts in words.IN_TWO.items():
        of_both = _among(partner, (whole,))
        hit |= of_both & _beside(found, fields, of_both, _among(partner, parts))
    return hit


def _beside(found: Stated, fields: Sequence[str], wholes: Mask, parts: Mask) -> Mask:
    """Rows that agree in `fields` with one of `parts`; not looked for where there are no `wholes`."""
    if not wholes.any():
        return wholes
    key = key_numbers([found.words(name) for name in fields if name in found.cells])
    return np.isin(key, np.unique(key[parts]))


def hidden(files: Sequence[Statements]) -> list[Text]:
    """How much of the trade stands under codes that are hidden: it belongs to goods that cannot be told."""
    rows, hidden, total = 0, 0.0, 0.0
    for one in files:
        under = one.passed.ids == PASSED.index("confidential_code")
        value = np.nan_to_num(one.figures["value"].values)
        rows += int(under.sum())
        hidden += float(value[under].sum())
        total += float(value[under | (one.passed.ids < 0)].sum())
    if not rows or not total:
        return []
    share = f"{hidden / total:.1%}"
    return [
        Text(
            f"비밀 보호로 품목부호가 가려진 {rows}행(금액의 {share})은 어느 품목인지 알 수 없어 기록하지 않았습니다.",
            f"{rows} rows ({share} of the value) stand under hidden product codes and are not recorded: nobody can tell"
            " whose goods they are.",
        )
    ]
