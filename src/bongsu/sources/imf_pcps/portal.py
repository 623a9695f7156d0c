"""The IMF's data portal: CSV with a column for each period, SDMX-CSV with a row for each figure, and SDMX-JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow
from bongsu.records.formats import Rows
from bongsu.sources.imf_pcps.found import Found, Statement, cells_text, period
from bongsu.sources.imf_pcps.series import Key, key
from bongsu.sources.reading import require_columns

WIDE, LONG = "SERIES_CODE", "TIME_PERIOD"
_DIMENSIONS = ("COUNTRY", "INDICATOR", "DATA_TRANSFORMATION", "FREQUENCY")
_ODD = Text("열 수가 머리글과 다르거나 글자가 깨진 행입니다.", "a row that does not fit the header, or is damaged.")


def read_wide(rows: Rows, where: str) -> Found:
    """The portal's download: a row a series, its code G001.PCOCO.USD.M, and columns of years, quarters and months."""
    names = rows.table.column_names
    periods = [name for name in names if period(name)]
    if not periods:
        require_columns(names, ("2020-M01",), where)
    found = Found()
    for number, cells in zip(rows.row.to_pylist(), rows.table.to_pylist(), strict=True):
        of = _series(cells)
        if of is None:
            detail = Text(f"계열부호가 아닙니다: {cells[WIDE]}", f"not a series code: {cells[WIDE]}")
            found.set_aside(BadRow(0, number, "bad_code", detail, cells_text(cells)), len(periods))
        else:
            found.statements += [Statement(number, of, name, cells[name]) for name in periods]
    return _with_odd(found, rows, len(periods))


def _series(cells: Mapping[str, str]) -> Key | None:
    parts = cells[WIDE].strip().split(".")
    if len(parts) != len(_DIMENSIONS):
        return None
    country, code, what, often = parts
    return key(code, what, often, cells.get("INDICATOR", ""), country, cells.get("SCALE", ""))


def read_long(rows: Rows, where: str) -> Found:
    """SDMX-CSV as the API answers; it names no unit."""
    require_columns(rows.table.column_names, (*_DIMENSIONS, LONG, "OBS_VALUE"), where)
    found = Found()
    for number, cells in zip(rows.row.to_pylist(), rows.table.to_pylist(), strict=True):
        of = key(
            cells["INDICATOR"],
            cells["DATA_TRANSFORMATION"],
            cells["FREQUENCY"],
            country=cells["COUNTRY"],
            scale=cells.get("SCALE", ""),
        )
        if cells[LONG] or cells["OBS_VALUE"]:
            found.statements.append(Statement(number, of, cells[LONG], cells["OBS_VALUE"]))
        else:
            found.passed_over["no_period"] += 1  # what is said of a series as a whole
    if not (found.statements or rows.odd):
        raise _nothing(where)
    return _with_odd(found, rows, 1)


def _with_odd(found: Found, rows: Rows, statements: int) -> Found:
    for odd in rows.odd:
        found.set_aside(BadRow(0, odd.row, odd.reason, _ODD, odd.text), statements)
    return found


def read_sdmx_json(body: Any, where: str) -> Found:  # noqa: ANN401 - JSON
    """SDMX-JSON 2: series named by the places of their values, figures by the place of their period.

    Raises:
        BadInputError: the service's own error, an answer without a figure, or another shape.
    """
    try:
        data = body["data"]
        structure, series = data["structures"][0]["dimensions"], data["dataSets"][0].get("series") or {}
        dimensions = [(each["id"], _words(each)) for each in structure["series"]]
        (periods,) = [_words(each) for each in structure["observation"]]
        found = Found()
        for row, (places, one) in enumerate(series.items(), 1):
            of = _named(dimensions, places)
            found.statements += [
                Statement(row, of, periods[int(place)], "" if values[0] is None else str(values[0]))
                for place, values in one["observations"].items()
            ]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise _no_data(body, where) from error
    if not found.statements:
        raise _nothing(where)
    return found


def _words(dimension: Mapping[str, Any]) -> list[str]:
    return [str(each.get("id") or each["value"]) for each in dimension["values"]]


def _named(dimensions: Sequence[tuple[str, list[str]]], places: str) -> Key:
    of = {name: words[int(place)] for (name, words), place in zip(dimensions, places.split(":"), strict=True)}
    country, code, what, often = (of[name] for name in _DIMENSIONS)
    return key(code, what, often, country=country, scale=of.get("SCALE", ""))


def _no_data(body: Any, where: str) -> BadInputError:  # noqa: ANN401 - JSON
    said = ""
    if isinstance(body, Mapping):
        said = str(body.get("errors") or body.get("error") or body.get("message") or "")[:200]
    tail = f" ({said})" if said else ""
    return BadInputError(
        Text(f"IMF의 SDMX-JSON 자료가 아닙니다{tail}.", f"this is not SDMX-JSON data of the IMF{tail}."),
        where=where,
        mend=Text(
            "자료 질의의 응답을 그대로 주거나, 응답 형식을 CSV로 하여 다시 받아 주십시오.",
            "Give the answer of a data query as it came, or ask again for CSV.",
        ),
    )


def _nothing(where: str) -> BadInputError:
    return BadInputError(
        Text("응답에 수치가 하나도 없습니다.", "the answer holds no figure at all."),
        where=where,
        mend=Text(
            "계열부호를 확인하십시오. 순서는 국가(G001)·품목·자료종류·주기이며, 틀려도 오류 없이 빈 답이 옵니다.",
            "Check the key: country (G001), indicator, transformation, frequency. A wrong one gives no error, only no rows.",
        ),
    )
