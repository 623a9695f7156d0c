"""UN Comtrade: downloads of the site (XLSX, CSV, bulk text) and answers of its API, in one delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pyarrow as pa

from bongsu.language import BadInputError, Text, UsageError
from bongsu.records.delivery import Raw, Reading
from bongsu.records.formats import Kind, open_plain, sniff, sniff_bytes
from bongsu.records.formats.kinds import HEAD
from bongsu.records.known import Lag
from bongsu.sources.cells import as_period, constant
from bongsu.sources.flows import assemble
from bongsu.sources.opening import Opened, called_by_name
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import KEYS, LABELS, Statements, Terms
from bongsu.sources.un_comtrade.answers import ApiAnswer, read_answer
from bongsu.sources.un_comtrade.columns import NAMES, named, open_download
from bongsu.sources.un_comtrade.rows import Rows, rows_of
from bongsu.sources.un_comtrade.settle import settle

# A table of just so many rows was cut: by the preview, by a free key, by a paid one.
CAPS = (500, 100_000, 250_000)
NEEDED = ("reporterCode", "flowCode", "partnerCode", "period", "cmdCode", "primaryValue")


@dataclass(frozen=True)
class ByFrequency(Lag):
    """A year's figures come later after its end than a month's do.

    Args:
        year: calendar days after the last day of a year.
    """

    year: int = 0

    def publication_day(self, first: date, frequency: str) -> date:
        """The day on which the figure counts as published."""
        return (
            Lag(days=self.year).publication_day(first, frequency)
            if frequency == "A"
            else super().publication_day(first, frequency)
        )


@dataclass(frozen=True)
class _Table:
    """One raw file, opened: figures, or a list of data sets without any."""

    rows: Rows | None
    listed: Statements | None = None
    notes: tuple[Text, ...] = ()
    cut: bool = False


def read(request: ReadRequest) -> Reading:
    """The flows in the files of `request`.

    Raises:
        BadInputError: a file that is no Comtrade table, or holds none of its rows.
        SourceUnavailableError: an answer that is a refusal.
        UsageError: a mapping, which this source has no use for.
    """
    if request.mapping:
        raise _no_mapping()
    tables = [_table(number, raw, request) for number, raw in enumerate(request.raws)]
    settled, notes = settle([table.rows for table in tables if table.rows is not None])
    files = [*settled, *(table.listed for table in tables if table.listed is not None)]
    lag = ByFrequency(days=request.source.lag.days, year=int(request.source.settings["days_after_a_year"]))
    timed = replace(request, source=replace(request.source, lag=lag))
    said = [note for table in tables for note in table.notes]
    terms = _terms(request, whole=not any(table.cut for table in tables))
    return assemble(timed, files, terms, [*said, *notes])


def _no_mapping() -> UsageError:
    return UsageError(
        Text("이 출처는 매핑을 받지 않습니다.", "this source takes no mapping."),
        where="un_comtrade",
        mend=Text("다른 꼴의 파일이면 flows_table을 쓰십시오.", "For a file of another shape use flows_table."),
    )


def _terms(request: ReadRequest, *, whole: bool) -> Terms:
    """Only an answer of the API says what was asked, and so what it is complete for: all partners of the codes in it.

    A download may have been narrowed to some partners, months or codes; what is absent from it is not withdrawn.
    """
    asked = [parse_qs(urlsplit(raw.url).query) for raw in request.raws]
    whole = whole and not any(_narrows(one) for one in asked)
    return Terms(request.source.id, "add", complete=whole, listed=("reporter", "flow", "code_system", "code"))


def _narrows(asked: Mapping[str, Sequence[str]]) -> bool:
    """Was the question for some partners only, or is it unknown?"""
    return "reporterCode" not in asked or "partnerCode" in asked


def _table(number: int, raw: Raw, request: ReadRequest) -> _Table:
    kind = sniff(raw.path)
    if kind not in (Kind.XLSX, Kind.XLS, Kind.PARQUET):
        with called_by_name(raw), open_plain(raw.path) as stream:
            data = stream.read()
        kind = sniff_bytes(data[:HEAD])
        if kind is Kind.JSON:
            return _answered(number, raw, read_answer(data, raw.name), request)
    opened, notes = open_download(raw, kind)
    if not opened.table.num_rows and not opened.odd:
        raise _no_rows(raw)
    cut = _cut(raw, opened.table.num_rows)
    return _Table(rows_of(number, opened), None, (*notes, *cut), bool(cut))


def _no_rows(raw: Raw) -> BadInputError:
    return BadInputError(
        Text("열 이름만 있고 자료 행이 없습니다.", "there are names of columns, but no row of data."),
        where=raw.name,
        mend=Text(
            "아직 공표되지 않은 기간이거나 조건에 맞는 무역이 없는 것입니다. 사이트의 Data Availability에서 확인하십시오.",
            "The period may not be out yet, or nothing was traded: see Data Availability on the site.",
        ),
    )


def _cut(raw: Raw, size: int) -> tuple[Text, ...]:
    """What to say of a table that has exactly as many rows as a limit allows."""
    asked = parse_qs(urlsplit(raw.url).query).get("maxRecords", ())
    if size not in CAPS and str(size) not in asked:
        return ()
    return (
        Text(
            f"{raw.name}: 행이 꼭 {size:,}개로 한도와 같습니다. 잘린 자료일 수 있으니 나누어 받으십시오.",
            f"{raw.name}: exactly {size:,} rows, as many as a limit allows; it may have been cut: get it in parts.",
        ),
    )


def _answered(number: int, raw: Raw, answer: ApiAnswer, request: ReadRequest) -> _Table:
    if answer.lists_data_sets:
        return _Table(None, _listing(number, answer), (_named(raw, answer),))
    if not answer.rows:
        return _Table(None, _listing(number, answer), (_empty(raw, request),))
    names = [name for name in (*NEEDED, *answer.rows[0]) if name.lower() in NAMES]
    table = pa.table(
        {name: pa.array([_cell(row.get(name)) for row in answer.rows], pa.string()) for name in dict.fromkeys(names)}
    )
    opened = Opened(raw.name, table, np.arange(1, len(answer.rows) + 1, dtype=np.int64))
    ours, notes = named(opened)
    cut = _cut(raw, len(answer.rows))
    return _Table(rows_of(number, ours), None, (*notes, *cut), bool(cut))


def _cell(cell: Any) -> str | None:  # noqa: ANN401 - JSON
    return None if cell is None else str(cell)


def _listing(number: int, answer: ApiAnswer) -> Statements:
    """Rows that state no flow, all passed over."""
    size = len(answer.rows)
    nothing = constant(None, size)
    return Statements(
        raw=number,
        rows=pa.table({"row": pa.array([str(dict(row)) for row in answer.rows], pa.string())}),
        position=np.arange(size),
        raw_row=np.arange(1, size + 1, dtype=np.int64),
        keys=dict.fromkeys(KEYS, nothing),
        labels=dict.fromkeys(LABELS, nothing),
        figures={},
        passed=constant("list_of_data_sets", size),
        part=constant(str(number), size),
    )


def _named(raw: Raw, answer: ApiAnswer) -> Text:
    periods = sorted({str(row.get("period")) for row in answer.rows})
    return Text(
        f"{raw.name}: 공표된 자료 목록입니다({periods[0]}–{periods[-1]}, {len(periods)}개 기간).",
        f"{raw.name}: a list of what is published ({periods[0]}–{periods[-1]}, {len(periods)} periods).",
    )


def _empty(raw: Raw, request: ReadRequest) -> Text:
    """What an empty answer means, as far as the question tells."""
    asked = parse_qs(urlsplit(raw.url).query).get("period", [""])[0].split(",")
    periods = [found for found in (as_period(one, None) for one in asked if one) if isinstance(found, tuple)]
    lag, zone = request.source.lag, request.source.zone
    if periods and all(lag.known_at(*one, zone) <= request.read_at for one in periods):
        return Text(f"{raw.name}: 읽었으나 실적이 없습니다.", f"{raw.name}: read, and nothing there.")
    return Text(
        f"{raw.name}: 빈 응답입니다. 공표 목록(getDa)에 있는 기간이면 실적이 없는 것이고, 없으면 아직 공표 전입니다.",
        f"{raw.name}: an empty answer: nothing was traded if the list of data sets (getDa) has the period, else it is not out yet.",
    )
