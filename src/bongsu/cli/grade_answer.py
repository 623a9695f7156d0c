"""What `bongsu grade` answers, before it is printed: every code of a schedule, judged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bongsu.cli import grade_facts, grade_place
from bongsu.cli.grade_detail import detail
from bongsu.cli.grade_facts import Stated
from bongsu.cli.grade_flows import Computed, computed, mirror_year, mirrored
from bongsu.cli.grade_place import SIX, Held, Place
from bongsu.cli.grade_rows import FACT, FLOWS, MIRROR, Code, Row, document, nothing_held, of_items, sorted_codes
from bongsu.cli.grade_summary import Judgement, notes, summary
from bongsu.cli.records import source_held
from bongsu.cli.session import Session
from bongsu.codes.hs import normalise
from bongsu.indicators.agreement import Judged, disagree, judged
from bongsu.indicators.grades import CURRENCY, WINDOW
from bongsu.indicators.korean_bands import FLOORS
from bongsu.indicators.methods import Method, method, methods
from bongsu.items.schedule import Schedule, schedule
from bongsu.language import Text, UsageError
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import Licence, sources

ALL = "all"
HALF = 0.5


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    year: int | None = None
    methods: tuple[str, ...] = ()
    digits: int | None = None
    roll_up_from: int | None = None
    source: str | None = None
    as_of: str | None = None
    codes: tuple[str, ...] = ()
    only_dependent: bool = False
    disagree: bool = False

    @property
    def wanted(self) -> tuple[Method, ...]:
        """The methods, in the order in which they are shown; UsageError names those there are."""
        named = [name for name in self.methods if name != ALL]
        chosen = {method(name).id for name in named}
        return tuple(one for one in methods().values() if not chosen or one.id in chosen or ALL in self.methods)


@dataclass
class _Known:
    """What the lake says, gathered once."""

    home: str
    day: date
    moment: datetime
    wanted: tuple[Method, ...]
    schedule: Schedule
    available: Sequence[Held]
    place: Place | None
    facts: Mapping[grade_facts.Code, Mapping[int, Stated]]
    year: int | None
    computed: Computed = field(default_factory=Computed)
    mirror: Sequence[Row] = ()


def answer(session: Session, asked: Asked) -> dict[str, Any]:
    """The whole answer; `codes` are those asked for, what stands before them counts all.

    Raises:
        UsageError: an option that cannot be met; says which and how it could.
    """
    asked = _checked(asked)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        if asked.source:
            source_held(snapshot, asked.source)
        known = _known(session, snapshot, asked)
        judgement = _judgement(known, asked)
        chosen = _chosen(known, judgement, asked)
        rows = [document(one, _licence(one.row["source"])) for one in chosen]
        if asked.codes:
            rows = [
                {**row, "detail": detail(snapshot, one, known.place, known.home, known.moment)}
                for row, one in zip(rows, chosen, strict=True)
            ]
        versions = dict(snapshot.versions)
    finally:
        lake.close()
    return {
        **_head(known),
        **summary(judgement),
        "catalogue_version": known.schedule.version or None,
        "table_versions": versions,
        "caveats": _caveats(known),
        "notes": notes(judgement, known.home, known.schedule),
        "codes": rows,
    }


def _checked(asked: Asked) -> Asked:
    grade_place.checked_depths(asked.digits, asked.roll_up_from)
    if asked.disagree and len(asked.wanted) < 2:  # noqa: PLR2004 - it takes two to disagree
        raise UsageError(
            Text("방법이 하나뿐이라 견줄 수 없습니다.", "with one method there is nothing to disagree."),
            where="--disagree",
            mend=Text("--method를 둘 이상 주거나 all을 쓰십시오.", "Give --method twice or more, or all."),
        )
    codes = tuple(_code(code) for code in asked.codes)
    return Asked(**{**asked.__dict__, "codes": codes})


def _code(told: str) -> str:
    for digits in grade_place.DEPTHS:
        if found := normalise(told, digits):
            return found
    raise UsageError(
        Text(f"'{told}': HS 부호가 아닙니다.", f"'{told}' is not an HS code."),
        where="--code",
        mend=Text("숫자 2, 4, 6, 8, 9, 10자리로 쓰십시오.", "Give 2, 4, 6, 8, 9 or 10 digits."),
    )


def _known(session: Session, snapshot: Snapshot, asked: Asked) -> _Known:
    moment = session.moment(asked.as_of)
    day = moment.astimezone(ZoneInfo(session.zone)).date()
    available = grade_place.held(snapshot, session.home, moment, asked.source)
    place = grade_place.choose(available, asked.year, asked.digits, asked.roll_up_from)
    facts = grade_facts.stated(snapshot, session.home, moment, None if place else asked.source)
    known = _Known(
        home=session.home,
        day=day,
        moment=moment,
        wanted=asked.wanted,
        schedule=schedule(session.home, day),
        available=available,
        place=place,
        facts=facts,
        year=place.year if place else asked.year or grade_facts.newest(facts),
    )
    if place:
        known.computed = computed(snapshot, place, known.home, moment, known.wanted, known.schedule)
    elif asked.source is None:
        digits = asked.digits or SIX
        known.year = known.year or mirror_year(snapshot, known.home, moment, digits)
        if known.year is not None:
            known.mirror = mirrored(snapshot, known.year, known.home, moment, digits)
    return known


def _judgement(known: _Known, asked: Asked) -> Judgement:
    codes = {(one.row["code_system"], one.code): one for one in (*_of_partners(known), *_of_flows(known))}
    digits = asked.digits if known.place is None else known.place.digits
    for stated, row in grade_facts.each(known.facts, known.schedule, known.year or 0, digits):
        place = (row["code_system"], row["code"])
        # A published share speaks where the flows do not.
        if place not in codes or codes[place].row["gravest"] is None:
            codes[place] = _of_fact(known, stated, row)
    years = _years(known)
    return Judgement(
        codes=sorted_codes(codes.values()),
        methods=known.wanted,
        place=known.place,
        concentrated=known.computed.concentrated,
        gone=len({row["code"] for row in known.computed.grades} - {code for _, code in codes}),
        partial=[year for year in years[:-1] if not any(row["valid"].year == year for row in known.computed.grades)],
    )


def _years(known: _Known) -> Sequence[int]:
    return [] if known.year is None else range(known.year - WINDOW + 1, known.year + 1)


def _of_flows(known: _Known) -> Iterable[Code]:
    letters: dict[str, dict[int, str | None]] = defaultdict(dict)
    for row in known.computed.grades:
        letters[row["code"]][row["valid"].year] = row["letter"]
    for row in known.computed.grades:
        if row["valid"].year == known.year:
            code = row["code"]
            items, holds = of_items(known.schedule, row)
            said = tuple(judged(one, known.computed.methods[one.id].get(code)) for one in known.wanted)
            of_years = {year: letters[code].get(year) for year in _years(known)}
            beside = known.facts.get((row["code_system"], code), {}).get(row["valid"].year)
            yield Code(row, FLOWS, said, of_years, items, holds, beside)


def _of_partners(known: _Known) -> Iterable[Code]:
    for row in known.mirror:
        items, holds = of_items(known.schedule, row)
        yield Code(row, MIRROR, tuple(judged(one, None) for one in known.wanted), {}, items, holds)


def _of_fact(known: _Known, stated: Stated, row: Row) -> Code:
    items, holds = of_items(known.schedule, row)
    of_years = known.facts[row["code_system"], row["code"]]
    letters = {
        year: grade_facts.graded(of_years, items, year)["letter"] if year in of_years else None
        for year in _years(known)
    }
    said = tuple(judged(one, _korean(row) if one.id == "korea" else None) for one in known.wanted)
    return Code(row, FACT, said, letters, items, holds, stated)


def _korean(row: Row) -> Row:
    """The Korean method's row from a published share."""
    half = True if row["share_low"] >= HALF else None
    value = row["imports"]
    above = None if value is None else value >= FLOORS[CURRENCY]
    dependent = False if above is False else half and above
    return {
        "half": half, "above_floor": above, "top_share": row["top_share"], "imports": value,
        "currency": row["currency"], "dependent": dependent,
    }  # fmt: skip


def _chosen(known: _Known, judgement: Judgement, asked: Asked) -> list[Code]:
    found = [one for one in judgement.codes if not asked.only_dependent or one.dependent]
    found = [one for one in found if not asked.disagree or disagree(one.judged)]
    if not asked.codes:
        return found
    listed: list[Code] = []
    for code in asked.codes:
        listed += [one for one in found if one.code.startswith(code)] or _elsewhere(known, code, found)
    return listed


def _elsewhere(known: _Known, code: str, found: Sequence[Code]) -> list[Code]:
    """A code that was asked for and has no row: the row that it is a part of, a published share, or nothing."""
    wider = [one for one in found if code.startswith(one.code)]
    if wider:
        return wider
    for stated, row in grade_facts.each(known.facts, known.schedule, known.year or 0, None):
        if row["code"].startswith(code) or code.startswith(row["code"]):
            return [_of_fact(known, stated, row)]
    system = known.place.code_system if known.place and len(code) > SIX else "HS"
    nothing: tuple[Judged, ...] = tuple(judged(one, None) for one in known.wanted)
    return [nothing_held(code, system, known.schedule, nothing)]


def _head(known: _Known) -> dict[str, Any]:
    place = known.place
    source = sources().get(place.source) if place else None
    basis = FLOWS if place else MIRROR if known.mirror else FACT if known.facts else None
    return {
        "home": known.home,
        "year": known.year,
        "basis": basis,
        "source": place.source if place else None,
        "source_name": source.name if source else None,
        "code_system": place.code_system if place else None,
        "digits": place.digits if place else None,
        "roll_up_from": place.roll_up_from if place else None,
        "full_year": place.full if place else None,
        "as_of": known.moment,
        "available": [
            {"source": one.source, "code_system": one.code_system, "digits": one.digits, "year": one.year,
             "full": one.full, "codes": one.codes}
            for one in known.available
        ],
    }  # fmt: skip


def _caveats(known: _Known) -> tuple[Text, ...]:
    source = sources().get(known.place.source) if known.place else None
    return source.caveats if source else ()


def _licence(source: str | None) -> Licence | None:
    found = sources().get(source or "")
    return found.licence if found else None
