"""What a mapping may say (MAPPING.md beside this file shows it with examples)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from bongsu.codes.currencies import currency
from bongsu.language import BadInputError, Text
from bongsu.records.known import Lag
from bongsu.sources.flows_table.parts import bad, known_keys, lists, one_of, section, strings, text, texts, yes
from bongsu.sources.opening import Decimal, Layout
from bongsu.sources.partners import KINDS
from bongsu.sources.source import sources

COLUMNS = (
    "reporter", "flow", "partner", "code_system", "code", "period", "year", "month", "frequency",
    "value", "currency", "quantity", "quantity_unit", "weight_kg", "weight_unit",
)  # fmt: skip
FIGURE_COLUMNS = ("value", "quantity", "quantity_unit", "weight_kg")
CONSTANTS = ("reporter", "flow", "partner", "code_system", "code", "currency", "frequency", "quantity_unit")
NEEDED = ("reporter", "flow", "partner", "code_system", "code")
KEYS = (
    "source", "columns", "constants", "values", "units", "flows", "code_digits", "lost_zeros",
    "partner_codes", "reporter_codes", "period_format", "encoding", "delimiter", "sheet", "header_row",
    "decimal", "lag", "zone", "published", "duplicates", "totals", "only", "complete",
)  # fmt: skip
UNITS = ("value", "quantity", "weight")
KILOGRAMS = {"kg": 1.0, "t": 1000.0, "g": 0.001, "lb": 0.45359237}  # the pound of 1959, exactly
FLOWS = ("import", "export")
FREQUENCIES = ("M", "Q", "A")
DIGITS = (2, 4, 6, 8, 9, 10)
OWN_NAME = "flows_table"


@dataclass(frozen=True)
class FlowMapping:
    """A mapping that was read and found sound; see MAPPING.md for what each part means."""

    source: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    flows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    code_digits: int | None = None
    lost_zeros: bool = False
    partner_codes: str = "auto"
    reporter_codes: str = "auto"
    period_format: str = "auto"
    layout: Layout = field(default_factory=Layout)
    lag: Lag | None = None
    zone: str | None = None
    published: date | None = None
    duplicates: str = "quarantine"
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = True
    all_codes: bool = False
    all_partners: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """Every column of the file that the mapping names."""
        wide = [name for cells in self.flows.values() for name in cells.values()]
        return tuple(dict.fromkeys([*self.columns.values(), *wide, *self.totals, *self.only]))


def parse_mapping(raw: Mapping[str, Any], where: str = "mapping") -> FlowMapping:
    """Read a mapping.

    Raises:
        BadInputError: an unknown key (with the nearest known one), a wrong value, or a fact left unsaid.
    """
    known_keys(raw, KEYS, where)
    columns = texts(raw, "columns", COLUMNS, where)
    flows = {
        one_of(flow, FLOWS, f"{where}: flows"): texts(raw["flows"], flow, FIGURE_COLUMNS, f"{where}: flows")
        for flow in section(raw, "flows", where)
    }
    constants = _constants(raw, where)
    _require(columns, constants, flows, where)
    complete = _complete(raw.get("complete", True), where)
    return FlowMapping(
        source=_source(raw, where),
        columns=columns,
        constants=constants,
        values={name: strings(section(raw["values"], name, where)) for name in section(raw, "values", where)},
        factors=_factors(raw, where),
        flows=flows,
        code_digits=_whole(raw, "code_digits", where),
        lost_zeros=yes(raw, "lost_zeros", where),
        partner_codes=one_of(raw.get("partner_codes", "auto"), KINDS, f"{where}: partner_codes"),
        reporter_codes=one_of(raw.get("reporter_codes", "auto"), KINDS, f"{where}: reporter_codes"),
        period_format=str(raw.get("period_format", "auto")),
        layout=_layout(raw, where),
        lag=_lag(raw, where),
        zone=_zone(raw, where),
        published=_day(raw, where),
        duplicates=one_of(raw.get("duplicates", "quarantine"), ("add", "quarantine"), f"{where}: duplicates"),
        totals=lists(raw, "totals", where),
        only=lists(raw, "only", where),
        complete=complete["complete"],
        all_codes=complete["codes"],
        all_partners=complete["partners"],
    )


def _require(columns: Mapping[str, str], constants: Mapping[str, str], flows: Mapping[str, Any], where: str) -> None:
    said = {*columns, *constants, *(("flow",) if flows else ())}
    missing = [name for name in NEEDED if name not in said]
    if "period" not in said and "year" not in said:
        missing.append("period")
    figures = [name for name in ("value", "quantity", "weight_kg") if name in columns]
    if not figures and not any(flows.values()):
        missing.append("value")
    if missing:
        listed = ", ".join(missing)
        raise bad(
            f"매핑에 다음이 빠졌습니다: {listed}.",
            f"the mapping does not say: {listed}.",
            where,
            Text(
                "columns에 열 이름을 적거나 constants에 고정값을 적으십시오.",
                "Name a column under `columns`, or a fixed value under `constants`.",
            ),
        )


def _factors(raw: Mapping[str, Any], where: str) -> dict[str, float]:
    found = section(raw, "units", where)
    known_keys(found, UNITS, f"{where}: units")
    return {name: _factor(name, said, where) for name, said in found.items()}


def _factor(name: str, said: Any, where: str) -> float:  # noqa: ANN401 - parsed YAML
    if name == "weight" and isinstance(said, str) and said in KILOGRAMS:
        return KILOGRAMS[said]
    if isinstance(said, int | float) and not isinstance(said, bool) and said > 0:
        return float(said)
    raise bad(
        f"units의 {name} 값 '{said}'을(를) 알 수 없습니다.",
        f"units: {name}: '{said}' is neither a positive number nor one of {', '.join(KILOGRAMS)}.",
        where,
    )


def _constants(raw: Mapping[str, Any], where: str) -> dict[str, str]:
    found = texts(raw, "constants", CONSTANTS, where)
    if "frequency" in found:
        one_of(found["frequency"], FREQUENCIES, f"{where}: constants: frequency")
    if "currency" in found:
        try:
            found["currency"] = currency(found["currency"]).code
        except BadInputError as error:
            raise type(error)(error.what, where=f"{where}: constants: currency", mend=error.mend) from error
    return found


def _source(raw: Mapping[str, Any], where: str) -> str:
    """The name that the records carry; another source's own name would mix a user's file into its figures."""
    name = text(raw, "source", where) or OWN_NAME
    if name != OWN_NAME and name in sources():
        raise bad(
            f"'{name}'은(는) 이미 있는 출처의 이름입니다.",
            f"source: '{name}' is the name of a source that exists.",
            where,
            Text(
                f"다른 이름(예: my_{name})을 쓰거나, 그 출처의 파일이면 bongsu fetch {name} --from 으로 읽으십시오.",
                f"Use another name such as my_{name}; a file of that source goes in with `bongsu fetch {name} --from`.",
            ),
        )
    return name


def _whole(raw: Mapping[str, Any], key: str, where: str) -> int | None:
    value = raw.get(key)
    if value is not None and (isinstance(value, bool) or value not in DIGITS):
        listed = ", ".join(map(str, DIGITS))
        raise bad(f"{key}는 {listed} 가운데 하나입니다.", f"{key} must be one of {listed}.", where)
    return value


def _layout(raw: Mapping[str, Any], where: str) -> Layout:
    delimiter, header_row, sheet = raw.get("delimiter"), raw.get("header_row", 1), raw.get("sheet")
    if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1):
        raise bad(
            'delimiter는 글자 하나입니다(탭은 "\\t").', 'delimiter must be one character (a tab is "\\t").', where
        )
    if isinstance(header_row, bool) or not isinstance(header_row, int) or header_row < 1:
        raise bad("header_row는 1 이상의 행 번호입니다.", "header_row must be a row's number, from 1.", where)
    return Layout(
        encoding=text(raw, "encoding", where),
        delimiter=delimiter,
        sheet=sheet if sheet is None or isinstance(sheet, int) else str(sheet),
        header_row=header_row,
        decimal=cast("Decimal", one_of(raw.get("decimal", "."), (".", ","), f"{where}: decimal")),
    )


LAGS = {"days": (0, 3650), "day_of_next_month": (1, 31), "working_day_of_next_month": (1, 20), "weekday": (0, 6),
        "after": (0, 3650)}  # fmt: skip


def _zone(raw: Mapping[str, Any], where: str) -> str | None:
    zone = text(raw, "zone", where)
    try:
        return zone if zone is None else ZoneInfo(zone).key
    except (OSError, ValueError, KeyError):
        raise bad(
            f"'{zone}'이라는 시간대는 없습니다.",
            f"there is no time zone '{zone}'.",
            where,
            Text("Asia/Seoul 꼴로 적으십시오.", "Write it as Asia/Seoul."),
        ) from None


def _lag(raw: Mapping[str, Any], where: str) -> Lag | None:
    found = section(raw, "lag", where)
    known_keys(found, tuple(LAGS), f"{where}: lag")
    for name, days in found.items():
        low, high = LAGS[name]
        # A lag below zero would let a replay see a figure before its period was over.
        if isinstance(days, bool) or not isinstance(days, int) or not low <= days <= high:
            raise bad(
                f"lag의 {name} 값은 {low}에서 {high}까지의 정수입니다.",
                f"lag: {name} must be a whole number from {low} to {high}.",
                where,
            )
    try:
        return Lag(**found) if found else None
    except TypeError:
        raise BadInputError(
            Text("lag에는 한 가지 방식만 적습니다.", "lag takes exactly one rule."),
            where=f"{where}: lag",
            mend=Text(
                "days, day_of_next_month, working_day_of_next_month, weekday 가운데 하나만 남기십시오.",
                "Keep one of days, day_of_next_month, working_day_of_next_month, weekday.",
            ),
        ) from None


def _day(raw: Mapping[str, Any], where: str) -> date | None:
    value = raw.get("published")
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise bad(
            f"published는 2021-10-13 꼴의 날짜입니다: {value}.",
            f"published must be a date such as 2021-10-13, not {value}.",
            where,
        ) from None


def _complete(said: Any, where: str) -> dict[str, bool]:  # noqa: ANN401 - parsed YAML
    if isinstance(said, bool):
        return {"complete": said, "codes": False, "partners": False}
    if isinstance(said, Mapping):
        known_keys(said, ("codes", "partners"), f"{where}: complete")
        found = {name: one_of(word, ("all", "listed"), f"{where}: complete") for name, word in said.items()}
        return {"complete": True, **{name: found.get(name) == "all" for name in ("codes", "partners")}}
    raise bad(
        "complete는 true, false 또는 {codes: all, partners: all} 꼴입니다.",
        "complete must be true, false, or {codes: all, partners: all}.",
        where,
    )
