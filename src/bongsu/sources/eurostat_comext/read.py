"""Eurostat's Comext: the detailed trade of the EU and its members, as bulk files or as answers of the API.

The bulk files give each fact by statistical procedure, to be added up; the API gives each figure in a row of its own,
to be joined. Nothing here has been read from a real file yet: see `source.yml`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw, Reading
from bongsu.records.formats import Kind, open_plain, sniff
from bongsu.records.known import period_end
from bongsu.sources.cells import Coded, Fault, as_period, constant, crossed
from bongsu.sources.doubles import doubled_rows, marked
from bongsu.sources.eurostat_comext import words
from bongsu.sources.eurostat_comext.answers import refusal, refuse_archive, refused
from bongsu.sources.eurostat_comext.columns import WIDE_END, Stated, stated
from bongsu.sources.eurostat_comext.passing import hidden, passed
from bongsu.sources.flows import assemble
from bongsu.sources.opening import Layout, called_by_name, figures, open_table
from bongsu.sources.reading import vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import Figures, Mask, Statements, Terms

# A file of the bulk download holds every product and partner of its month; a part of one does not.
WHOLE_NAME = re.compile(r"full_?(v2_)?\d{6}\.(dat|csv|txt)(\.(gz|zip))?", re.IGNORECASE)
WHOLE = {"reporter": 20, "partner": 100, "code": 2000}  # distinct words that such a file has at least
WIDEST_NAME = 4096  # bytes of a first line that are looked at
LISTED = ("reporter", "flow", "partner", "code_system", "code")


def read(request: ReadRequest) -> Reading:
    """The flows in the files of `request`.

    `request.mapping` may say one thing, `lost_zeros: true`, of files whose product codes lost their leading zeros.

    Raises:
        BadInputError: a 7z archive, other columns, bulk files and answers of the API together, another mapping.
        SourceUnavailableError: an answer that is an error.
    """
    lost_zeros = _lost_zeros(request)
    found = [one for number, raw in enumerate(request.raws) for one in _open(number, raw)]
    held = {number for number, one in found if len(one.position) or one.odd}
    notes = [
        Text(f"{raw.name}: 읽었으나 해당 자료가 없습니다.", f"{raw.name}: read, and nothing there.")
        for number, raw in enumerate(request.raws)
        if number not in held
    ]
    if not found:
        return Reading((), published=vintage(request).published, notes=(*notes, *vintage(request).notes))
    if len({one.layout for _, one in found}) > 1:
        raise BadInputError(
            Text("일괄 파일과 API 응답이 섞여 있습니다.", "bulk files and answers of the API are in one delivery."),
            where=", ".join(raw.name for raw in request.raws),
            mend=Text("나누어 주십시오.", "Give each kind on its own."),
        )
    request = _dated(request, [one for _, one in found])
    ends = vintage(request).latest.date()
    files = [statements(number, one, ends, lost_zeros=lost_zeros) for number, one in found]
    return assemble(request, files, _terms(request, found[0][1], files), (*notes, *hidden(files)))


def _open(number: int, raw: Raw) -> list[tuple[int, Stated]]:
    refuse_archive(raw)
    if _nothing(raw):
        return []
    opened = open_table(raw, Layout(delimiter="\t") if _is_wide(raw) else None)
    with called_by_name(raw):
        found = stated(opened)
    if found.layout == "bulk" and not len(found.position) and not opened.odd:
        raise BadInputError(
            Text("머리글뿐이고 자료 행이 없습니다.", "there is a header, and no row below it."),
            where=raw.name,
            mend=Text("파일이 잘렸을 수 있습니다. 다시 받아 주십시오.", "The file may be cut off: fetch it again."),
        )
    return [(number, found)]


def _is_wide(raw: Raw) -> bool:
    """Is it a TSV, whose first name has commas of its own?"""
    with called_by_name(raw), open_plain(raw.path) as stream:
        return f"{WIDE_END}\t".encode() in stream.readline(WIDEST_NAME)


def _nothing(raw: Raw) -> bool:
    """Is it the API's word that there are no rows? Any other word of its own in XML is an error."""
    if sniff(raw.path) is not Kind.XML:
        return False
    with called_by_name(raw), open_plain(raw.path) as stream:
        said = refusal(stream.read(), raw.name)
    if said is None or not said.nothing:
        raise refused(said, raw.name) if said else AssertionError
    return True


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


def _dated(request: ReadRequest, files: Sequence[Stated]) -> ReadRequest:
    """The user's day of publication goes first; then the last update that the files state."""
    days = [one.updated for one in files if one.updated]
    return replace(request, published=request.published or max(days, default=None))


def _terms(request: ReadRequest, first: Stated, files: Sequence[Statements]) -> Terms:
    if first.layout == "long":  # an answer to one question: what it lacks may not have been asked for
        return Terms(request.source.id, "join", complete=False, listed=LISTED, rounded_away=True)
    whole = all(WHOLE_NAME.fullmatch(raw.name) for raw in request.raws) and all(
        len(one.keys[name].words) >= least for one in files for name, least in WHOLE.items()
    )
    listed = ("reporter", "flow", "code_system") if whole else LISTED
    return Terms(request.source.id, "add_parts", complete=True, listed=listed, rounded_away=True)


def statements(number: int, found: Stated, ends: date, *, lost_zeros: bool) -> Statements:
    """What one file states; `ends` is the day of its vintage."""
    rows = len(found.position)
    bulk = found.layout == "bulk"
    period = _period(found)
    days = _last_days(period)
    code = found.words("product").read(lambda word: words.product(word, lost_zeros=lost_zeros))
    indicator = found.words("indicator").read(
        words.known((*words.INDICATORS, *words.UNITLESS, *words.OTHER_INDICATORS), "bad_indicator")
    )
    kind = found.words("trade_type").read(words.known(words.TRADE_TYPES, "bad_trade_type"))
    procedure = found.words("procedure").read(words.known((*words.PROCEDURES, *words.ALL_PROCEDURES), "bad_procedure"))
    keys = {
        "reporter": crossed(found.words("reporter"), days).read(words.reporter),
        "flow": _faulty(found.words("flow").read(_flow), kind, procedure, indicator),
        "partner": crossed(crossed(found.words("partner"), found.words("reporter")), days).read(words.partner),
        "code_system": code.read(words.code_system),
        "code": code,
        "period": period,
    }
    unit = found.words("unit").read(lambda word: None if word in words.NO_UNIT else word)
    given = _bulk_figures(found, unit) if bulk else _long_figures(found, indicator)
    repeated, contradictory = _doubled(found, given) if bulk else (np.zeros((2, rows), dtype=np.bool_))
    return Statements(
        raw=number,
        rows=found.rows,
        position=found.position,
        raw_row=found.raw_row,
        keys=keys,
        labels={"currency": marked(constant("EUR", rows), contradictory), "quantity_unit": unit},
        figures=given,
        passed=passed(found, keys, procedure, indicator, ends, repeated),
        part=_part(number, period) if bulk else constant("", rows),
        odd=found.odd,
    )


def _period(found: Stated) -> Coded:
    if found.layout == "bulk":
        return found.words("period").read(lambda word: words.bulk_period(str(word)))
    if "frequency" not in found.cells:
        return found.words("period").read(lambda word: as_period(word, None))
    return crossed(found.words("period"), found.words("frequency")).read(words.long_period)


def _last_days(period: Coded) -> Coded:
    """The last day of each row's period; of a row without one, the last day there is."""
    ends = tuple(date.max if isinstance(word, Fault) else period_end(*word) for word in period.words)
    ids = np.where(period.ids < 0, len(ends), period.ids).astype(np.int32)
    return Coded(ids, (*ends, date.max)).read(lambda day: day)


def _flow(word: str) -> str | Fault:
    if word in words.FLOWS:
        return words.FLOWS[word]
    return (
        words.RE_EXPORT
        if word == words.RE_EXPORT
        else Fault("bad_flow", Text(f"알 수 없는 값: {word}", f"unknown: {word}"))
    )


def _faulty(column: Coded, *others: Coded) -> Coded:
    """The column, with the faults of others in their rows: what is said of a row that cannot be read."""
    ids, found = column.ids.copy(), list(column.words)
    for other in others:
        for at, word in enumerate(other.words):
            if isinstance(word, Fault):
                ids[other.ids == at] = len(found)
                found.append(word)
    return Coded(ids, tuple(found))


def _doubled(found: Stated, given: Mapping[str, Figures]) -> tuple[Mask, Mask]:
    """Rows of a bulk file that stand twice: added up with the others, they would count twice."""
    fields = ("reporter", "partner", "trade_type", "product", "flow", "procedure", "unit", "period")
    names = [found.cells[name] for name in fields if name in found.cells]
    open_ = ~_any_hidden(found.words("product"))  # many goods share a hidden code, so its rows may well look alike
    repeated, contradictory = doubled_rows([*names, *found.other], [one.values for one in given.values()])
    return repeated & open_, contradictory & open_


def _any_hidden(product: Coded) -> Mask:
    hidden_ = [isinstance(word, str) and (words.confidential(word) or words.special(word)) for word in product.words]
    return np.asarray(np.array([*hidden_, False])[product.ids], np.bool_)


def _part(number: int, period: Coded) -> Coded:
    """Each period of each file is complete for itself."""
    return Coded(period.ids, tuple((number, word) for word in period.words))


def _bulk_figures(found: Stated, unit: Coded) -> dict[str, Figures]:
    made = {"value": figures(found.figures["value"])}
    if "weight" in found.figures:
        made["weight_kg"] = figures(found.figures["weight"])
    if "quantity" in found.figures:
        made["quantity"] = figures(found.figures["quantity"])
        made["quantity"].values[unit.ids < 0] = np.nan  # 0 is printed where a product has no unit of its own
    return made


def _long_figures(found: Stated, indicator: Coded) -> dict[str, Figures]:
    every = figures(found.figures["value"])
    made = {}
    for name in ("value", "weight_kg"):
        factor = [words.INDICATORS[word][1] if _gives(word, name) else np.nan for word in indicator.words]
        each = np.array([*factor, np.nan])[indicator.ids]
        made[name] = Figures(every.values * each, every.bad & ~np.isnan(each))
    return made


def _gives(word: Any, figure: str) -> bool:  # noqa: ANN401 - a word or a Fault
    return isinstance(word, str) and words.INDICATORS.get(word, ("",))[0] == figure
