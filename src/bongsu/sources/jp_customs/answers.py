"""Answers of the e-Stat API (`getStatsData`, JSON): a value for each item, country, year, and month and measure.

They hold what the CSV files hold, cell by cell; so they are put back into such rows, and read as those are.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from bongsu.language import BadInputError, SourceUnavailableError, Text
from bongsu.records.delivery import Raw
from bongsu.records.formats import open_plain
from bongsu.sources.jp_customs.words import WORLD
from bongsu.sources.opening import Opened, called_by_name

ERROR_FROM = 100  # the API's own status; below stand success, nothing found, and warnings
NOTHING = 1
SHOWN = 200
AREA = "50"  # the area axis is 50 and the country code
MONEY = "千円"
WITHHELD = ("***", "X", "x")
OTHER_TABLES = ("概況品", "税関")  # by principal commodity or customs house: other codes, other rows
HEADER = ("Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2")
FLOWS = {"輸出": "1", "輸入": "2"}
_MEASURE = re.compile(r"(?:(?P<month>\d{1,2})月|合計|年計)_?(?P<what>数量|金額)(?P<slot>[12]?)")
_UNIT = re.compile(r"単位(?P<slot>[12]?)")


class KeyRefusedError(SourceUnavailableError):
    """The API does not know the key (status 100)."""


class ApiRefusedError(SourceUnavailableError):
    """The API answered with an error."""


class CutAnswerError(BadInputError):
    """The answer is one page of several: the figures of one fact may stand on two."""


def open_answer(raw: Raw) -> Opened | None:
    """The table in the answer `raw`; errors name the file as the user knows it."""
    with called_by_name(raw), open_plain(raw.path) as stream:
        return parse_answer(stream.read(), raw.name)


def parse_answer(data: bytes, where: str) -> Opened | None:
    """The answer in `data` as a table in the shape of the CSV files; None where it says that nothing was found.

    A row's number is the place of its first value in the answer.

    Raises:
        KeyRefusedError, ApiRefusedError: an error, which comes with HTTP status 200.
        CutAnswerError: one page of several.
        BadInputError: not JSON, no answer of this API, or of another table.
    """
    try:
        body = json.loads(data.decode("utf-8-sig"))["GET_STATS_DATA"]
        status, said = int(body["RESULT"]["STATUS"]), str(body["RESULT"].get("ERROR_MSG", ""))[:SHOWN]
        found = body.get("STATISTICAL_DATA")
        if status >= ERROR_FROM:
            raise _refusal(status, said, where)
        return None if status == NOTHING else _table(found, where)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _no_answer(where) from error


def _table(data: Mapping[str, Any], where: str) -> Opened:
    flow = _flow(data["TABLE_INF"], where)
    values = _listed(data["DATA_INF"].get("VALUE"))
    _check_whole(data["RESULT_INF"], len(values), where)
    measures = dict(_measures(data["CLASS_INF"], where))
    # The notes say what stands in place of a figure: withheld ones stay unknown, of the others there is none.
    signs = {str(note["@char"]): "" for note in _listed(data["DATA_INF"].get("NOTE"))} | dict.fromkeys(WITHHELD, ":")
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    first: dict[tuple[str, str, str], int] = {}
    for place, one in enumerate(values, 1):
        key = (str(one["@time"]), str(one["@cat01"]), str(one["@area"]))
        name, shown = measures[str(one["@cat02"])], str(one.get("$", "")).strip()
        if name.startswith("Value") and one.get("@unit") != MONEY:
            raise _other_money(str(one.get("@unit")), where)
        if cells.setdefault(key, {}).setdefault(name, shown) != shown:
            raise _no_answer(where)  # one cell of the table cannot hold two values
        first.setdefault(key, place)
    names = list(dict.fromkeys([*HEADER, *measures.values()]))
    rows = [{**_keys(flow, *key), **{n: signs.get(c, c) for n, c in given.items()}} for key, given in cells.items()]
    table = pa.table({name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names})
    return Opened(where, table, np.array(list(first.values()), dtype=np.int64))


def _keys(flow: str, time: str, code: str, area: str) -> dict[str, str]:
    year = re.fullmatch(r"(\d{4})0{6}", time)
    country = area.removeprefix(AREA) if len(area) == len(AREA) + len(WORLD) else area
    return {"Exp or Imp": flow, "Year": year[1] if year else time, "HS": code, "Country": country}


def _flow(about: Mapping[str, Any], where: str) -> str:
    title = f"{_text(about.get('STATISTICS_NAME'))} {_text(about.get('TITLE'))}".strip()
    flows = [flow for word, flow in FLOWS.items() if word in title]
    if len(flows) != 1 or any(word in title for word in OTHER_TABLES):
        raise _other_table(title, where)
    return flows[0]


def _check_whole(numbers: Mapping[str, Any], held: int, where: str) -> None:
    total, first, last = (int(numbers[name]) for name in ("TOTAL_NUMBER", "FROM_NUMBER", "TO_NUMBER"))
    if "NEXT_KEY" in numbers or (first, last) != (1, total) or held != total:
        raise CutAnswerError(
            Text(f"응답에 {total}건 가운데 {held}건만 있습니다.", f"the answer holds {held} of {total} values."),
            where=where,
            mend=Text("품목 범위를 좁혀 다시 물어 주십시오.", "Ask again for fewer items."),
        )


def _measures(classes: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    """Codes of cat02 with the CSV files' names; a name that nobody knows may hide figures, so it is an error."""
    for axis in _listed(classes["CLASS_OBJ"]):
        for one in _listed(axis["CLASS"]) if axis["@id"] == "cat02" else ():
            name = unicodedata.normalize("NFKC", str(one["@name"])).replace(" ", "")
            read, unit = _MEASURE.fullmatch(name), _UNIT.fullmatch(name)
            if unit:
                yield str(one["@code"]), f"Unit{unit['slot'] or 2}"
            elif read:
                what = "Value" if read["what"] == "金額" else f"Quantity{read['slot'] or 2}"
                yield str(one["@code"]), f"{what}-{read['month'] + '月' if read['month'] else 'Year'}"
            else:
                raise BadInputError(
                    Text(f"표의 항목 '{name}'을(를) 알 수 없습니다.", f"the table has an unknown measure '{name}'."),
                    where=where,
                )


def _listed(found: Any) -> Sequence[Any]:  # noqa: ANN401 - JSON: one of a kind stands alone
    return [] if found is None else found if isinstance(found, list) else [found]


def _text(found: Any) -> str:  # noqa: ANN401 - JSON: a text, or a text with a number
    return str(found.get("$", "")) if isinstance(found, Mapping) else str(found or "")


def _refusal(status: int, said: str, where: str) -> SourceUnavailableError:
    if status == ERROR_FROM:
        return KeyRefusedError(
            Text("e-Stat이 애플리케이션 ID를 인정하지 않습니다.", "e-Stat does not know the application id."),
            where=where,
            mend=Text(
                "e-Stat에서 발급받은 appId를 bongsu setup jp_customs --key 로 넣으십시오.",
                "Give the appId issued by e-Stat with bongsu setup jp_customs --key.",
            ),
        )
    return ApiRefusedError(
        Text(f"e-Stat API가 거절했습니다({status}: {said}).", f"e-Stat's API refused ({status}: {said})."), where=where
    )


def _no_answer(where: str) -> BadInputError:
    return BadInputError(
        Text("e-Stat API의 응답 꼴이 아닙니다.", "this is not an answer of the e-Stat API."),
        where=where,
        mend=Text("getStatsData의 JSON 응답을 그대로 주십시오.", "Give the JSON answer of getStatsData as it came."),
    )


def _other_table(title: str, where: str) -> BadInputError:
    return BadInputError(
        Text(
            f"품별국별표가 아닙니다: {title.strip()}.", f"not a table by statistical code and country: {title.strip()}."
        ),
        where=where,
        mend=Text(
            "'貿易統計_全国分 品別国別表'의 수출 또는 수입 표를 물으십시오.",
            "Ask for '貿易統計_全国分 品別国別表', exports or imports.",
        ),
    )


def _other_money(unit: str, where: str) -> BadInputError:
    return BadInputError(
        Text(f"금액의 단위가 천 엔이 아닙니다: {unit}.", f"the values are not in thousands of yen but in {unit}."),
        where=where,
    )
