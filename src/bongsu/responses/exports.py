"""Lists as CSV for an officer's sheet: a cell never starts a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bongsu.language import Language, Text
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import Reader
from bongsu.responses import queries
from bongsu.responses.home import home_catalogue, home_network
from bongsu.responses.states import CHECK_NAMES, ORIGINS, REPORT_NAMES, TASKING_NAMES

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_REPORTS = (
    Text("번호", "id"),
    Text("공관", "mission"),
    Text("제목", "title"),
    Text("품목", "items"),
    Text("국가", "place"),
    Text("관측일", "observed on"),
    Text("출처 구분", "origin"),
    Text("상태", "state"),
    Text("신뢰도", "reliability"),
    Text("내용 평가", "credibility"),
    Text("등급", "grade"),
    Text("공유 범위", "TLP"),
    Text("제출", "submitted"),
)
_TASKINGS = (
    Text("번호", "id"),
    Text("질문", "question"),
    Text("품목", "item"),
    Text("기한", "deadline"),
    Text("상태", "state"),
    Text("회신", "answered"),
    Text("미회신", "waiting"),
)
_CHECKS = (
    Text("공관", "mission"),
    Text("품목", "item"),
    Text("주기", "every"),
    Text("기한", "due"),
    Text("상태", "state"),
    Text("마지막 점검", "last answer"),
)
EVERY_NAMES = {
    "weekly": Text("매주", "weekly"),
    "fortnightly": Text("2주마다", "fortnightly"),
    "monthly": Text("매월", "monthly"),
    "quarterly": Text("분기마다", "quarterly"),
}


def safe(cell: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u3000").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def reports_csv(reader: Reader, language: Language, *, as_of: datetime | None = None, state: str = "") -> str:
    """The reports that the reader may see, without their texts."""
    rows = (
        (
            str(one.id),
            _mission(one.mission, language),
            one.title,
            _items(one.items, language),
            one.place,
            _said(one.observed_on),
            _name(ORIGINS.get(one.origin), language),
            REPORT_NAMES[one.state].to(language),
            one.reliability,
            str(one.credibility or ""),
            Grade(one.grade).name,
            Tlp(one.tlp).label,
            _said(one.submitted_at),
        )
        for one in queries.reports(reader, as_of=as_of, state=state)
    )
    return _csv(_REPORTS, rows, language)


def taskings_csv(reader: Reader, language: Language, *, as_of: datetime | None = None) -> str:
    """The taskings that the reader may see."""
    rows = (
        (
            str(one.id),
            one.question,
            _items((one.item,) if one.item else (), language),
            _said(one.deadline),
            TASKING_NAMES[one.state].to(language),
            "; ".join(_mission(mission, language) for mission, at in one.answers if at),
            "; ".join(_mission(mission, language) for mission, at in one.answers if not at),
        )
        for one in queries.taskings(reader, as_of=as_of)
    )
    return _csv(_TASKINGS, rows, language)


def checks_csv(reader: Reader, language: Language, *, as_of: datetime) -> str:
    """The standing checks that the reader may see, at a moment."""
    rows = (
        (
            _mission(one.mission, language),
            _items((one.item,), language),
            EVERY_NAMES[one.every].to(language),
            _said(one.due_at),
            CHECK_NAMES[one.state].to(language),
            _said(one.last_at),
        )
        for one in queries.checks(reader, as_of=as_of)
    )
    return _csv(_CHECKS, rows, language)


def _csv(headings: Sequence[Text], rows: Iterable[Sequence[str]], language: Language) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([heading.to(language) for heading in headings])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _said(when: date | datetime | None) -> str:
    if when is None:
        return ""
    return when.isoformat(timespec="minutes") if isinstance(when, datetime) else when.isoformat()


def _name(text: Text | None, language: Language) -> str:
    return text.to(language) if text else ""


def _mission(mission: str, language: Language) -> str:
    known = home_network().missions.get(mission)
    return known.name.to(language) if known else mission


def _items(items: Iterable[str], language: Language) -> str:
    known = home_catalogue().items
    return "; ".join(known[one].name.to(language) if one in known else one for one in items)
