"""Japan's trade statistics by statistical code and country: CSV files of e-Stat, or answers of its API.

Months that are not out yet stand as 0 in the tables of the current year. They are unknown: the last month in which a
table has any figure is the last that is taken. Nothing here has been read from a real file: see `source.yml`.
"""

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw, Reading
from bongsu.records.formats import Kind, sniff
from bongsu.sources.flows import assemble
from bongsu.sources.jp_customs.answers import open_answer
from bongsu.sources.jp_customs.files import Taken, columns_of, open_file, read_file
from bongsu.sources.reading import vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import Statements, Terms

LISTED = ("reporter", "flow", "partner", "code_system", "code")
WHOLE_PARTNERS = 50  # a file of the office has every country that trades in its goods


def read(request: ReadRequest) -> Reading:
    """The flows in the files of `request`.

    `request.mapping` may say one thing, `lost_zeros: true`, of a CSV whose codes lost their leading zeros.

    Raises:
        BadInputError: a file with other columns, an answer that was cut, CSV files and answers together.
        SourceUnavailableError: an answer that is an error.
    """
    answers = [sniff(raw.path) is Kind.JSON for raw in request.raws]
    if len(set(answers)) > 1:
        raise BadInputError(
            Text("CSV와 API 응답이 섞여 있습니다.", "CSV files and answers of the API are in one delivery."),
            where=", ".join(raw.name for raw in request.raws),
            mend=Text("나누어 주십시오.", "Give each kind on its own."),
        )
    lost_zeros = _lost_zeros(request)
    read_one = _read_answer if all(answers) else _read_file
    taken = [read_one(number, raw, request, lost_zeros=lost_zeros) for number, raw in enumerate(request.raws)]
    files = [one for each in taken for one in each.statements]
    notes = [note for each in taken for note in each.notes]
    if not files:
        return Reading((), published=vintage(request).published, notes=(*notes, *vintage(request).notes))
    return assemble(request, files, _terms(request, files, answers=all(answers)), notes)


def _read_file(number: int, raw: Raw, request: ReadRequest, *, lost_zeros: bool) -> Taken:
    opened, columns = open_file(raw)
    return read_file(number, opened, columns, vintage(request).latest.date(), lost_zeros=lost_zeros)


def _read_answer(number: int, raw: Raw, request: ReadRequest, *, lost_zeros: bool) -> Taken:
    opened = open_answer(raw)
    if opened is None or not opened.table.num_rows:
        return Taken(
            (), (Text(f"{raw.name}: 읽었으나 해당 자료가 없습니다.", f"{raw.name}: read, and nothing there."),)
        )
    columns = columns_of(opened.table.column_names, raw.name)
    return read_file(number, opened, columns, vintage(request).latest.date(), lost_zeros=lost_zeros)


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


def _terms(request: ReadRequest, files: list[Statements], *, answers: bool) -> Terms:
    if answers:  # of one question: what it lacks may not have been asked for
        return Terms(request.source.id, "add_parts", complete=False, listed=LISTED, rounded_away=True)
    whole = all(len(one.keys["partner"].words) >= WHOLE_PARTNERS for one in files)
    listed = tuple(name for name in LISTED if name != "partner" or not whole)
    return Terms(request.source.id, "add_parts", complete=True, listed=listed, rounded_away=True)
