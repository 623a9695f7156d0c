"""Any table of trade flows, by a mapping of its columns (MAPPING.md) or, without one, by their names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from bongsu.codes.currencies import currency
from bongsu.codes.tables import UnknownCodeError
from bongsu.language import Text
from bongsu.records.delivery import Raw, Reading
from bongsu.sources.cells import Coded, Fault, as_code, as_period, coded, constant, crossed
from bongsu.sources.flows import assemble
from bongsu.sources.flows_table.mapping import FLOWS, FREQUENCIES, KILOGRAMS, FlowMapping, parse_mapping
from bongsu.sources.flows_table.recognise import recognise
from bongsu.sources.opening import Opened, figures, open_table, require
from bongsu.sources.partners import partner_reader
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import Figures, Mask, Statements, Terms

SAID_BY = Text("매핑이 가리키는", "the mapping")
CODE_SYSTEMS = ("HS", "HTS", "SCHEDULE_B", "HSK", "CN", "JP_STAT", "SITC")
CODE_TOTALS = ("TOTAL", "Total", "total", "ALL", "-", "총계", "합계", "소계")
FLOW_WORDS = {
    "import": "import", "imports": "import", "m": "import", "수입": "import",
    "export": "export", "exports": "export", "x": "export", "수출": "export",
}  # fmt: skip
FREQUENCY_WORDS = {
    "m": "M", "monthly": "M", "month": "M", "월": "M", "월별": "M",
    "q": "Q", "quarterly": "Q", "quarter": "Q", "분기": "Q", "분기별": "Q",
    "a": "A", "y": "A", "annual": "A", "yearly": "A", "year": "A", "연": "A", "연간": "A",
}  # fmt: skip


def read(request: ReadRequest) -> Reading:
    """The flows in the files of `request`.

    Raises:
        BadInputError: a mapping that is wrong or does not fit the file, or a file that cannot be opened.
    """
    mapping, opened, notes = _mapping_for(request)
    files: list[Statements] = []
    for number, table in enumerate(opened):
        require(table, mapping.named, SAID_BY)
        files.extend(statements(number, table, mapping))
    source = replace(request.source, lag=mapping.lag or request.source.lag, zone=mapping.zone or request.source.zone)
    published = request.published or mapping.published
    return assemble(replace(request, source=source, published=published), files, _terms(mapping), notes)


def _mapping_for(request: ReadRequest) -> tuple[FlowMapping, list[Opened], list[Text]]:
    if request.mapping is not None:
        mapping = parse_mapping(request.mapping)
        return mapping, [open_table(raw, mapping.layout) for raw in request.raws], []
    opened = [open_table(raw) for raw in request.raws]
    found, note = recognise(opened[0].table.column_names, _names(request.raws))
    return parse_mapping(found), opened, [note]


def _names(raws: Sequence[Raw]) -> str:
    return ", ".join(raw.name for raw in raws)


def _terms(mapping: FlowMapping) -> Terms:
    listed = ["reporter", "flow", "partner", "code_system", "code"]
    if mapping.all_codes:
        listed.remove("code")
    if mapping.all_partners:
        listed.remove("partner")
    return Terms(mapping.source, mapping.duplicates, mapping.complete, tuple(listed))


def statements(number: int, opened: Opened, mapping: FlowMapping) -> list[Statements]:
    """What one file states: once, or once for each flow of a wide file."""
    keys = _keys(opened, mapping)
    passed = _passed(opened, mapping, keys)
    rows = opened.table.num_rows
    common = {"raw": number, "rows": opened.table, "position": np.arange(rows), "raw_row": opened.row}
    found = []
    for place, (flow, columns) in enumerate((mapping.flows or {"": mapping.columns}).items()):
        labels = {
            "currency": _currency(opened, mapping),
            "quantity_unit": _label(opened, mapping, "quantity_unit", columns),
        }
        found.append(
            Statements(
                **common,
                keys={**keys, "flow": constant(flow, rows)} if flow else keys,
                labels=labels,
                figures=_figures(opened, mapping, columns),
                passed=passed,
                part=constant("", rows),
                odd=opened.odd if place == 0 else (),
            )
        )
    return found


def _keys(opened: Opened, mapping: FlowMapping) -> dict[str, Coded]:
    readers: dict[str, Callable[[Any], Any]] = {
        "reporter": partner_reader(mapping.reporter_codes, mapping.values.get("reporter")),
        "partner": partner_reader(mapping.partner_codes, mapping.values.get("partner")),
        "flow": _worded(mapping.values.get("flow", {}), FLOW_WORDS, FLOWS, "bad_flow"),
        "code_system": _worded(mapping.values.get("code_system", {}), {}, CODE_SYSTEMS, "bad_code_system"),
        "code": lambda word: as_code(word, mapping.code_digits, lost_zeros=mapping.lost_zeros),
    }
    found = {name: _cells(opened, mapping, name).read(reader) for name, reader in readers.items()}
    return {**found, "period": _periods(opened, mapping)}


def _cells(opened: Opened, mapping: FlowMapping, name: str) -> Coded:
    if name in mapping.columns:
        return coded(opened.table[mapping.columns[name]])
    return constant(mapping.constants.get(name), opened.table.num_rows)


def _worded(
    said: Mapping[str, str], usual: Mapping[str, str], known: Sequence[str], reason: str
) -> Callable[[Any], str | Fault]:
    def read(word: Any) -> str | Fault:  # noqa: ANN401 - text or a number
        text = str(word)
        meant = said.get(text, usual.get(text.casefold(), text))
        return meant if meant in known else Fault(reason, Text(f"알 수 없는 값: {text}", f"unknown: {text}"))

    return read


def _periods(opened: Opened, mapping: FlowMapping) -> Coded:
    if "period" in mapping.columns or "month" not in mapping.columns:
        cells = _cells(opened, mapping, "period" if "period" in mapping.columns else "year")
    else:
        cells = crossed(_cells(opened, mapping, "year"), _cells(opened, mapping, "month"))
    if "frequency" in mapping.columns:
        said = _worded(mapping.values.get("frequency", {}), FREQUENCY_WORDS, FREQUENCIES, "bad_period")
        both = crossed(cells, _cells(opened, mapping, "frequency").read(said))
        return both.read(
            lambda pair: pair[1] if isinstance(pair[1], Fault) else as_period(pair[0], pair[1], mapping.period_format)
        )
    frequency = mapping.constants.get("frequency")
    return cells.read(lambda word: as_period(word, frequency, mapping.period_format))


def _currency(opened: Opened, mapping: FlowMapping) -> Coded:
    """The currency of each row by its ISO 4217 code; one that nobody knows sets the row aside."""

    def read(word: Any) -> str | Fault:  # noqa: ANN401 - text or a number
        text = str(word).zfill(3) if isinstance(word, int) else str(word)
        try:
            return currency(mapping.values.get("currency", {}).get(text, text)).code
        except UnknownCodeError as error:
            return Fault("bad_currency", error.what)

    return _cells(opened, mapping, "currency").read(read)


def _label(opened: Opened, mapping: FlowMapping, name: str, columns: Mapping[str, str]) -> Coded:
    if name in columns:
        said = mapping.values.get(name, {})
        return coded(opened.table[columns[name]]).read(lambda word: said.get(str(word), str(word)) or None)
    return constant(mapping.constants.get(name), opened.table.num_rows)


def _figures(opened: Opened, mapping: FlowMapping, columns: Mapping[str, str]) -> dict[str, Figures]:
    found = {}
    for name, unit in (("value", "value"), ("quantity", "quantity"), ("weight_kg", "weight")):
        if name in columns:
            factor = mapping.factors.get(unit, 1.0)
            found[name] = figures(opened.table[columns[name]], factor, mapping.layout.decimal)
    if "weight_unit" in mapping.columns and "weight_kg" in found:
        found["weight_kg"] = _in_kilograms(found["weight_kg"], coded(opened.table[mapping.columns["weight_unit"]]))
    return found


def _in_kilograms(weights: Figures, units: Coded) -> Figures:
    """Weights whose unit stands beside each; one in an unknown unit is no number that can be used."""
    factors = [KILOGRAMS.get(str(word).casefold(), np.nan) for word in units.words]
    factor = np.array([*factors, np.nan])[units.ids]
    return Figures(weights.values * factor, weights.bad | (np.isnan(factor) & ~np.isnan(weights.values)))


def _passed(opened: Opened, mapping: FlowMapping, keys: Mapping[str, Coded]) -> Coded:
    """Why each row is passed over: blank, a sum over other rows, or left out by the mapping."""
    rows = opened.table.num_rows
    reason = np.full(rows, -1, dtype=np.int32)
    blank = np.logical_and.reduce([keys[name].ids < 0 for name in ("partner", "code", "period")])
    reason[blank & ~_holds_figure(opened, mapping, blank)] = 0
    totals = {mapping.columns["code"]: CODE_TOTALS} if "code" in mapping.columns else {}
    for column, words in [*totals.items(), *mapping.totals.items()]:
        reason[_among(opened.table[column], words) & (reason < 0)] = 1
    for column, words in mapping.only.items():
        reason[~_among(opened.table[column], words) & (reason < 0)] = 2
    return Coded(reason, ("empty", "total", "not_asked"))


def _holds_figure(opened: Opened, mapping: FlowMapping, rows: Mask) -> Mask:
    """Which of `rows` hold a figure; only they are looked at, as blank rows are few."""
    cells = (mapping.flows or {"": mapping.columns}).values()
    names = [name for found in cells for key, name in found.items() if key in ("value", "quantity", "weight_kg")]
    few = opened.table.select(list(dict.fromkeys(names))).filter(pa.array(rows))
    held = np.zeros(len(rows), dtype=np.bool_)
    held[rows] = np.logical_or.reduce([coded(column).ids >= 0 for column in few.columns])
    return held


def _among(column: pa.ChunkedArray, words: Sequence[str]) -> Mask:
    cells = coded(column)
    hit = np.array([*(str(word) in words for word in cells.words), False], dtype=np.bool_)
    return np.asarray(hit[cells.ids], np.bool_)
