"""Which column is which, by the names that files commonly use; and a mapping to copy where that fails."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from bongsu.language import BadInputError, Text

# Field → names, without case, blanks and punctuation. The first name of a field that the file has is taken.
NAMES: Mapping[str, tuple[str, ...]] = {
    "reporter": ("reporter", "reporteriso", "reporteriso3", "reportercode", "보고국"),
    "flow": ("flow", "flowdesc", "flowcode", "tradeflow", "수출입구분", "수출입"),
    "partner": (
        "partner", "partneriso", "partneriso3", "country", "ctycode", "partnercode", "ctyname", "partnername",
        "국가", "국가명", "국가코드", "상대국",
    ),
    "code": (
        "code", "hscode", "hs", "hs10", "hs6", "cmdcode", "commodity", "commoditycode", "item", "hsk",
        "품목코드", "품목부호", "품목번호", "hs코드", "hs부호",
    ),
    "period": ("period", "yearmonth", "yyyymm", "time", "date", "기간", "년월", "연월", "대상기간"),
    "year": ("year", "연도", "년도", "년"),
    "month": ("month", "월"),
    "value": ("value", "primaryvalue", "tradevalue", "valueusd", "usd", "금액", "금액달러", "수입금액", "수출금액"),
    "quantity": ("quantity", "qty", "수량"),
    "quantity_unit": ("quantityunit", "qtyunitabbr", "unit", "수량단위"),
    "weight_kg": ("weightkg", "netwgt", "netweight", "netweightkg", "중량kg", "중량", "순중량"),
}  # fmt: skip
WIDE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "import": {
        "value": ("importvalue", "importdollar", "impdlr", "importsusd", "수입금액", "수입액"),
        "weight_kg": ("importweight", "impwgt", "수입중량"),
    },
    "export": {
        "value": ("exportvalue", "exportdollar", "expdlr", "exportsusd", "수출금액", "수출액"),
        "weight_kg": ("exportweight", "expwgt", "수출중량"),
    },
}
# Columns in which one value is the sum of the others, so that all rows together count twice (UN Comtrade).
SUMS: Mapping[str, tuple[str, ...]] = {
    "customsCode": ("C00",),
    "partner2ISO": ("W00",),
    "motCode": ("0",),
    "mosCode": ("0",),
}
FLOW_IN_NAME = {"import": "import", "수입": "import", "export": "export", "수출": "export"}


def plain(name: str) -> str:
    """A column's name without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


def recognise(columns: Sequence[str], where: str) -> tuple[dict[str, Any], Text]:
    """A mapping for a file with these columns, and what was assumed.

    Raises:
        BadInputError: the columns do not say enough; the mend holds a mapping to copy and fill in.
    """
    names = {plain(name): name for name in columns}
    found = _first(names, NAMES)
    flows = {flow: cells for flow, known in WIDE.items() if "value" in (cells := _first(names, known))}
    mapping: dict[str, Any] = {"columns": found, "constants": {"code_system": "HS", "currency": "USD"}}
    if len(flows) == len(WIDE):
        mapping["flows"] = flows
        for name in ("flow", "value", "weight_kg"):
            found.pop(name, None)
    elif "flow" not in found and "value" in found and (flow := _flow_in(found["value"])):
        mapping["constants"]["flow"] = flow
    if "period" in found:
        found.pop("year", None)
        found.pop("month", None)
    if sums := {name: list(only) for name, only in SUMS.items() if name in columns}:
        mapping["only"] = sums
    missing = _missing(mapping)
    if missing:
        raise _proposal(mapping, missing, columns, where)
    said = ", ".join(f"{name} = {column}" for name, column in found.items())
    return mapping, Text(
        f"매핑 없이 열 이름으로 짐작했습니다: {said}; 통화 USD, 중량 kg.",
        f"without a mapping, columns were recognised by name: {said}; currency USD, weights in kg.",
    )


def _first(names: Mapping[str, str], known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    hits = {name: [names[spelling] for spelling in spellings if spelling in names] for name, spellings in known.items()}
    return {name: columns[0] for name, columns in hits.items() if columns}


def _flow_in(column: str) -> str | None:
    return next((flow for word, flow in FLOW_IN_NAME.items() if word in column.casefold()), None)


def _missing(mapping: Mapping[str, Any]) -> list[str]:
    said = {*mapping["columns"], *mapping["constants"], *(("flow", "value") if "flows" in mapping else ())}
    needed = ("reporter", "flow", "partner", "code", "value")
    missing = [name for name in needed if name not in said]
    return missing if said & {"period", "year"} else [*missing, "period"]


def _proposal(mapping: Mapping[str, Any], missing: Sequence[str], columns: Sequence[str], where: str) -> BadInputError:
    constants = {**mapping["constants"], **{name: "…" for name in missing if name in ("reporter", "flow")}}
    open_ = {name: "…" for name in missing if name not in ("reporter", "flow")}
    text = yaml.safe_dump(
        {**mapping, "columns": {**mapping["columns"], **open_}, "constants": constants},
        allow_unicode=True,
        sort_keys=False,
    )
    listed, has = ", ".join(missing), ", ".join(columns)
    return BadInputError(
        Text(
            f"열 이름만으로는 다음을 알 수 없습니다: {listed}. 파일의 열: {has}.",
            f"the column names do not tell: {listed}. The file has: {has}.",
        ),
        where=where,
        mend=Text(
            f"아래를 파일로 저장해 … 자리를 채우고 --mapping으로 주십시오.\n{text}",
            f"Save this as a file, fill in each …, and give it with --mapping:\n{text}",
        ),
    )
