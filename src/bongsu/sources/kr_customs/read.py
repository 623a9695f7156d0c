"""Korea's customs figures: the CSV with both flows in a row, and answers of the open-data API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

import numpy as np

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw, Reading
from bongsu.records.formats import Kind, open_plain, sniff
from bongsu.records.known import Lag
from bongsu.sources.cells import Coded, as_code, as_period, coded, constant, crossed
from bongsu.sources.flows import assemble
from bongsu.sources.kr_customs.answers import is_total, read_answer
from bongsu.sources.opening import Opened, called_by_name, figures, open_table, require
from bongsu.sources.partners import partner_reader
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import Figures, Statements, Terms

CSV_COLUMNS = (
    "Item", "Country", "Year", "Month", "Export_dollar", "Export_weight", "Import_dollar", "Import_weight",
)  # fmt: skip
SAID_BY = Text("관세청 CSV에 있어야 할", "a Korea Customs CSV")
DIGITS = 10


@dataclass(frozen=True)
class Wide:
    """Where a wide table keeps what; flow → (value column, weight column)."""

    code: str
    partner: str
    partner_kind: str
    flows: Mapping[str, tuple[str, str]]


CSV = Wide(
    "Item", "Country", "name",
    {"export": ("Export_dollar", "Export_weight"), "import": ("Import_dollar", "Import_weight")},
)  # fmt: skip
API = Wide("hsCd", "statCd", "iso2", {"export": ("expDlr", "expWgt"), "import": ("impDlr", "impWgt")})


def read(request: ReadRequest) -> Reading:
    """The flows in the files of `request`; CSV files and answers of the API may come together.

    `request.mapping` may say one thing, `lost_zeros: true`, of a CSV whose codes lost their leading zeros.

    Raises:
        BadInputError: a file with other columns, an answer that was cut, a mapping with other keys.
        SourceUnavailableError: an answer that is an error.
    """
    lost_zeros = _lost_zeros(request)
    files: list[Statements] = []
    notes: list[Text] = []
    for number, raw in enumerate(request.raws):
        if sniff(raw.path) is Kind.XML:
            opened, note = _open_answer(raw, request)
            notes += note
            files += statements(number, opened, API, _window(raw) or str(number))
        else:
            opened = open_table(raw)
            require(opened, CSV_COLUMNS, SAID_BY)
            files += statements(number, opened, CSV, str(number), lost_zeros=lost_zeros)
    # An answer covers all partners of the codes in it; a CSV only those that it lists.
    only_answers = all(sniff(raw.path) is Kind.XML for raw in request.raws)
    listed = ("reporter", "flow", "code_system", "code", *(() if only_answers else ("partner",)))
    return assemble(request, files, Terms(request.source.id, listed=listed), notes)


def _lost_zeros(request: ReadRequest) -> bool:
    said = dict(request.mapping or {})
    lost = said.pop("lost_zeros", False)
    if said or not isinstance(lost, bool):
        raise BadInputError(
            Text(
                "이 출처의 매핑에는 lost_zeros만 쓸 수 있습니다.", "a mapping of this source may only say lost_zeros."
            ),
            where="mapping",
            mend=Text("다른 꼴의 파일이면 flows_table을 쓰십시오.", "For a file of another shape use flows_table."),
        )
    return lost


def _open_answer(raw: Raw, request: ReadRequest) -> tuple[Opened, list[Text]]:
    with called_by_name(raw), open_plain(raw.path) as stream:
        items = read_answer(stream.read(), raw.name)
    opened = Opened(raw.name, items.table, np.arange(1, items.table.num_rows + 1, dtype=np.int64))
    if items.empty:
        return opened, [_empty(raw, request)]
    if not items.has_total:
        return opened, [
            Text(
                f"{raw.name}: 총계 행이 없어 응답이 온전한지 확인하지 못했습니다.",
                f"{raw.name}: there is no total row, so nothing proves that the answer is whole.",
            )
        ]
    return opened, []


def _empty(raw: Raw, request: ReadRequest) -> Text:
    """What an empty answer means: not yet published, or nothing was traded."""
    asked = parse_qs(urlsplit(raw.url).query)
    end = as_period(asked["endYymm"][0], "M") if "endYymm" in asked else None
    if not isinstance(end, tuple):
        return Text(
            f"{raw.name}: 빈 응답입니다. 물은 기간을 몰라 아직 공표 전인지 실적이 없는지 알 수 없습니다.",
            f"{raw.name}: an empty answer; the months asked for are unknown, so it may be unpublished or nothing.",
        )
    if _out(end[0], request.source.lag, request):
        return Text(f"{raw.name}: 읽었으나 실적이 없습니다.", f"{raw.name}: read, and nothing there.")
    return Text(f"{raw.name}: 아직 공표되지 않았습니다.", f"{raw.name}: not yet published.")


def _out(month: date, lag: Lag, request: ReadRequest) -> bool:
    return lag.known_at(month, "M", request.source.zone) <= request.read_at


def _window(raw: Raw) -> str:
    asked = parse_qs(urlsplit(raw.url).query)
    return "-".join(asked.get("strtYymm", []) + asked.get("endYymm", []))


def statements(number: int, opened: Opened, wide: Wide, part: str, *, lost_zeros: bool = False) -> list[Statements]:
    """What one file states of each flow."""
    table, rows = opened.table, opened.table.num_rows
    code = coded(table[wide.code])
    total = np.array([*(is_total(str(word)) for word in code.words), False], dtype=np.bool_)[code.ids]
    keys = {
        "reporter": constant("KOR", rows),
        "partner": coded(table[wide.partner]).read(partner_reader(wide.partner_kind)),
        "code_system": constant("HSK", rows),
        "code": code.read(lambda word: as_code(word, DIGITS, lost_zeros=lost_zeros)),
        "period": _period(opened).read(lambda word: as_period(word, "M")),
    }
    return [
        Statements(
            raw=number,
            rows=table,
            position=np.arange(rows),
            raw_row=opened.row,
            keys={**keys, "flow": constant(flow, rows)},
            labels={"currency": constant("USD", rows), "quantity_unit": constant(None, rows)},
            figures=_figures(opened, *columns),
            passed=Coded(np.where(total, 0, -1).astype(np.int32), ("total",)),
            part=constant(part, rows),
            odd=opened.odd if place == 0 else (),
        )
        for place, (flow, columns) in enumerate(wide.flows.items())
    ]


def _period(opened: Opened) -> Coded:
    if "Month" in opened.table.column_names:
        return crossed(coded(opened.table["Year"]), coded(opened.table["Month"]))
    return coded(opened.table["year"])


def _figures(opened: Opened, value: str, weight: str) -> dict[str, Figures]:
    values, weights = figures(opened.table[value]), figures(opened.table[weight])
    weights.values[(weights.values == 0) & (values.values > 0)] = np.nan  # rounded away: see source.yml
    return {"value": values, "weight_kg": weights}
