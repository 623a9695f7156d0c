"""The guide's tables of sources and indicators, written by the code itself: a MkDocs hook fills the marks in the pages.

A new source or indicator is a folder or a file of its own; no page has to be told of it.
"""

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from bongsu.indicators.indicator import indicators
from bongsu.language import Language, Text
from bongsu.records.known import Lag
from bongsu.sources.source import sources


def _beside(name: str) -> ModuleType:
    """A module in this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


study = _beside("study")

LAYERS = {
    "own customs": Text("자국 통관", "own customs"),
    "mirror flow": Text("상대국 통계", "mirror flow"),
    "price": Text("가격", "price"),
    "transit": Text("통항", "transit"),
    "measure": Text("조치", "measure"),
    "dependence": Text("의존도", "dependence"),
    "production": Text("생산", "production"),
    "mission report": Text("공관보고", "mission report"),
    "official alert": Text("공식 경보", "official alert"),
}
CADENCES = {
    "daily": Text("날마다", "daily"),
    "weekly": Text("주마다", "weekly"),
    "monthly": Text("달마다", "monthly"),
    "quarterly": Text("분기마다", "quarterly"),
    "yearly": Text("해마다", "yearly"),
    "irregular": Text("부정기", "irregular"),
}
WEEKDAYS = (
    Text("월요일", "Monday"),
    Text("화요일", "Tuesday"),
    Text("수요일", "Wednesday"),
    Text("목요일", "Thursday"),
    Text("금요일", "Friday"),
    Text("토요일", "Saturday"),
    Text("일요일", "Sunday"),
)
SOURCE_HEAD = (
    Text("출처", "source"),
    Text("무엇", "what"),
    Text("증거 층", "layer"),
    Text("주기", "how often"),
    Text("공개 시점", "known"),
    Text("면허", "terms"),
    Text("배포", "ships"),
    Text("실물 확인", "seen real"),
)
INDICATOR_HEAD = (
    Text("지표", "indicator"),
    Text("이름", "name"),
    Text("단위", "unit"),
    Text("산식", "formula"),
    Text("산식의 출처", "source of the formula"),
)
YES, NO = Text("예", "yes"), Text("아니요", "no")


def lag_words(lag: Lag) -> Text:
    """When a figure comes out, in words."""
    if lag.day_of_next_month is not None:
        day = lag.day_of_next_month
        return Text(f"다음 달 {day}일", f"on day {day} of the next month")
    if lag.working_day_of_next_month is not None:
        day = lag.working_day_of_next_month
        return Text(f"다음 달 {day}번째 근무일", f"on working day {day} of the next month")
    if lag.weekday is not None:
        weekday = WEEKDAYS[lag.weekday]
        return Text(f"{lag.after}일 뒤부터 첫 {weekday.ko}", f"the first {weekday.en} from {lag.after} days after")
    if not lag.days:
        return Text("행에 적힌 날", "on the day that a row states")
    return Text(f"기간이 끝나고 {lag.days}일 뒤", f"{lag.days} days after the period")


def source_rows() -> Iterator[tuple[Text, ...]]:
    """One row a source, in alphabetical order."""
    for one in sources().values():
        yield (
            _code(one.id),
            one.coverage,
            LAYERS[one.layer],
            CADENCES[one.cadence],
            lag_words(one.lag),
            _same(one.licence.name),
            YES if one.licence.redistribute else NO,
            YES if one.proven else NO,
        )


def indicator_rows() -> Iterator[tuple[Text, ...]]:
    """One row an indicator, in alphabetical order."""
    for one in indicators().values():
        yield _code(one.id), one.name, one.unit, _same(one.formula), _same(one.source)


def _code(name: str) -> Text:
    return _same(f"`{name}`")


def _same(words: str) -> Text:
    return Text(words, words)


def table(head: tuple[Text, ...], rows: Iterator[tuple[Text, ...]], language: Language) -> str:
    """A Markdown table."""
    lines = [[cell.to(language) for cell in row] for row in (head, *rows)]
    kept = [" | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) for line in lines]
    return "\n".join(f"| {line} |" for line in (kept[0], " | ".join("---" for _ in head), *kept[1:]))


def caveats(named: Mapping[str, Any], language: Language) -> str:
    """What to beware of, under each name."""
    parts = []
    for name, one in named.items():
        listed = "\n".join(f"- {' '.join(caveat.to(language).split())}" for caveat in one.caveats)
        if listed:
            parts.append(f"### {one.name.to(language)} (`{name}`)\n\n{listed}")
    return "\n\n".join(parts)


MARKS: Mapping[str, Callable[[Language], str]] = {
    "<!-- sources -->": lambda language: table(SOURCE_HEAD, source_rows(), language),
    "<!-- source caveats -->": lambda language: caveats(sources(), language),
    "<!-- indicators -->": lambda language: table(INDICATOR_HEAD, indicator_rows(), language),
    "<!-- indicator caveats -->": lambda language: caveats(indicators(), language),
}


def filled(markdown: str, language: Language) -> str:
    """The page with each mark replaced by its table."""
    for mark, write in MARKS.items():
        if mark in markdown:
            markdown = markdown.replace(mark, write(language))
    return markdown


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:  # noqa: ANN401 - MkDocs' own class, an extra
    """MkDocs calls this for each page before it is rendered."""
    language = Language.EN if page.file.src_uri.startswith("guide/en/") else Language.KO
    return study.filled(filled(markdown, language), study.load())
