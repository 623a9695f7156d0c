"""Loads a network from its folder and holds its rules: one error names the file, the entry and the mend."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bongsu.language import BadInputError, Text, UsageError
from bongsu.missions.network import Network
from bongsu.missions.rows import CODE3, Row, by_id, read_table
from bongsu.missions.shapes import Desk, Ministry, Mission, MissionKind, Responsibility, Succession, stands

DATA = Path(__file__).parent / "data"
TABLES = ("missions", "ministries", "responsibilities", "desks")

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_ORGANISATION = re.compile(r"[A-Z]{2,}")
_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z_+-]+)*")
_COUNTRY = Text("국가 코드 세 글자(ISO 3166-1, 예: CHN)", "an ISO alpha-3 country code such as CHN")
_ID = Text("영문 소문자 식별자", "an id in lower case")


@cache
def network_for(home: str) -> Network:
    """Whom an installation in `home` can ask: its own network; an empty one where it has brought none."""
    try:
        return network(home)
    except UsageError:
        return Network(home, "", "", {}, {}, {}, {})


@cache
def network(home: str = "KOR", version: str | None = None, root: Path = DATA) -> Network:
    """The network of `home` (ISO alpha-3) in `version`, the newest one where none is named.

    Raises:
        UsageError: there is no such home or version.
        BadInputError: a file of it is wrong.
    """
    folder = root / home.lower()
    found = sorted(path.parent.name for path in folder.glob("*/missions.yml"))
    chosen = version or (found[-1] if found else None)
    if chosen not in found or chosen is None:
        raise UsageError(
            Text(
                f"{home} 공관망 자료({version or '판 없음'})가 없습니다.",
                f"no network of {home} ({version or 'any'}).",
            ),
            where=str(folder),
            mend=Text(f"있는 판: {', '.join(found) or '없음'}.", f"Versions there: {', '.join(found) or 'none'}."),
        )
    return load_network(folder / chosen)


def load_network(folder: Path) -> Network:
    """Load one version: a folder `<home>/<version>` with the four files; BadInputError names what to mend."""
    rows = {table: read_table(folder / f"{table}.yml", table)[0] for table in TABLES}
    ministries = by_id(rows["ministries"], _ministry)
    for row in rows["ministries"]:
        _check_succession(row, ministries[row.name], ministries)
    responsibilities = by_id(rows["responsibilities"], lambda row: _responsibility(row, ministries))
    missions = by_id(rows["missions"], _mission)
    desks = by_id(rows["desks"], lambda row: _desk(row, ministries, responsibilities))
    for row in rows["missions"]:
        _check_one_embassy(row, missions[row.name], missions)
    home = folder.parent.name.upper()
    if not CODE3.fullmatch(home):
        raise BadInputError(
            Text("폴더 이름이 국가 코드가 아닙니다.", "the folder is not named after a country code."),
            where=str(folder.parent),
            mend=Text("kor처럼 ISO 3166-1 세 글자로 고치십시오.", "Name it by ISO alpha-3, as in kor."),
        )
    return Network(home, folder.name, digest(folder), missions, ministries, responsibilities, desks)


def digest(folder: Path) -> str:
    """SHA-256 over a version's four files, line ends made equal: it changes only if their content does."""
    whole = hashlib.sha256()
    for table in TABLES:
        content = (folder / f"{table}.yml").read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{table} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def _mission(row: Row) -> Mission:
    first, last = row.period()
    return Mission(
        id=row.name,
        name=row.text("name"),
        kind=_kind(row),
        host=row.word("host", CODE3, _COUNTRY),
        city=row.text("city"),
        accredited=row.words("accredited", CODE3, _COUNTRY),
        organisations=row.words("organisations", _ORGANISATION, Text("대문자 약칭", "initials in capitals")),
        zone=_zone(row),
        languages=row.words("languages", _LANGUAGE, Text("언어 코드 두 글자(ISO 639-1)", "ISO 639-1 codes")),
        valid_from=first,
        valid_until=last,
        source=row.source(),
        checked=row.checked(),
        note=row.text_or_none("note"),
    )


def _kind(row: Row) -> MissionKind:
    kinds = "|".join(MissionKind)
    return MissionKind(row.word("kind", re.compile(kinds), Text(f"{kinds} 중 하나", f"one of {kinds}")))


def _zone(row: Row) -> str:
    zone = row.word("zone", _ZONE, Text("IANA 시간대(예: Asia/Seoul)", "an IANA time zone such as Asia/Seoul"))
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, OSError):  # a folder of the time zone data, such as 'Asia', is an OSError
        row.refuse(
            Text(f"'{zone}' 시간대는 없습니다.", f"there is no time zone '{zone}'."),
            Text("Asia/Seoul 같은 IANA 이름으로 고치십시오.", "Write an IANA name such as Asia/Seoul."),
        )


def _ministry(row: Row) -> Ministry:
    first, last = row.period()
    return Ministry(
        id=row.name,
        name=row.text("name"),
        short=row.text_or_none("short"),
        valid_from=first,
        valid_until=last,
        succession=_succession(row),
        source=row.source(),
        checked=row.checked(),
    )


def _succession(row: Row) -> tuple[Succession, ...]:
    steps = row.take("successors", {})
    if not isinstance(steps, dict) or not all(isinstance(fields, list) for fields in steps.values()):
        row.refuse(
            Text("'successors' 값이 잘못되었습니다.", "has wrong 'successors'."),
            Text("{부처 id: [분야, …]}로 적으십시오.", "Write {ministry id: [field, …]}."),
        )
    return tuple(Succession(str(name), tuple(map(str, fields))) for name, fields in steps.items())


def _check_succession(row: Row, ministry: Ministry, ministries: Mapping[str, Ministry]) -> None:
    if ministry.valid_until is None and ministry.succession:
        row.refuse(
            Text("존속하는 부처에 후신이 있습니다.", "has successors, yet no last day."),
            Text("'valid_until'을 적거나 후신을 지우십시오.", "Add 'valid_until', or remove the successors."),
        )
    if ministry.valid_until is None:
        return
    if not ministry.succession:
        row.refuse(
            Text("폐지된 부처에 후신이 없습니다.", "has ended, yet names no successor."),
            Text("업무를 이어받은 부처를 적으십시오.", "Name the ministry that took over its work."),
        )
    for successor in ministry.successors:
        _check_stands(row, successor, ministries, ministry.valid_until + timedelta(days=1), None)


def _check_stands(
    row: Row, ministry_id: str, ministries: Mapping[str, Ministry], first: date, last: date | None
) -> None:
    """Refuse the row where the ministry that it names is not there from `first` to `last`."""
    if ministry_id not in ministries:
        row.refuse(
            Text(f"'{ministry_id}' 부처가 없습니다.", f"names a ministry '{ministry_id}' that is not there."),
            Text(
                "ministries.yml에 더하거나 철자를 고치십시오.",
                "Add it to ministries.yml, or correct the spelling.",
            ),
        )
    named = ministries[ministry_id]
    for day in (first, last or first):
        if not stands(named.valid_from, named.valid_until, day):
            row.refuse(
                Text(
                    f"{day}에는 '{ministry_id}' 부처가 없었습니다.",
                    f"on {day} there is no ministry '{ministry_id}'.",
                ),
                Text("부처의 존속 기간과 날짜를 맞추십시오.", "Make the dates agree with the ministry's own."),
            )


def _responsibility(row: Row, ministries: Mapping[str, Ministry]) -> Responsibility:
    holders = row.take("holders")
    if not isinstance(holders, dict) or not holders or not all(type(day) is date for day in holders):
        row.refuse(
            Text("'holders' 값이 잘못되었습니다.", "has wrong 'holders'."),
            Text("{2008-02-29: 부처 id, …}로 적으십시오.", "Write {2008-02-29: ministry id, …}."),
        )
    days = list(holders)
    if days != sorted(days):
        row.refuse(
            Text("소관 부처의 날짜가 차례대로가 아닙니다.", "its holders' dates are out of order."),
            Text("이른 날짜부터 적으십시오.", "Write the earliest first."),
        )
    ends = [day - timedelta(days=1) for day in days[1:]] + [date.max]
    for (first, ministry), last in zip(holders.items(), ends, strict=True):
        _check_stands(row, str(ministry), ministries, first, last)
    return Responsibility(
        id=row.name,
        name=row.text("name"),
        holders=tuple((day, str(ministry)) for day, ministry in holders.items()),
        source=row.source(),
        checked=row.checked(),
    )


def _desk(row: Row, ministries: Mapping[str, Ministry], responsibilities: Mapping[str, Responsibility]) -> Desk:
    first, last = row.period()
    ministry = row.word("ministry", _WORD, _ID)
    known = ministries.get(ministry)
    start = first or (known.valid_from if known else None) or date.min
    _check_stands(row, ministry, ministries, start, last or date.max)
    holds = row.words("holds", _WORD, _ID)
    for name in holds:
        if name not in responsibilities:
            row.refuse(
                Text(f"'{name}' 소관 업무가 없습니다.", f"holds '{name}', which is no responsibility."),
                Text(
                    "responsibilities.yml에 더하거나 고치십시오.",
                    "Add it to responsibilities.yml, or correct it.",
                ),
            )
    return Desk(row.name, row.text("name"), ministry, holds, first, last, row.source(), row.checked())


def _check_one_embassy(row: Row, mission: Mission, missions: Mapping[str, Mission]) -> None:
    """Refuse a second embassy in the same country at the same time."""
    if mission.kind is not MissionKind.EMBASSY:
        return
    for other in missions.values():
        if other.id == mission.id or other.kind is not MissionKind.EMBASSY or other.host != mission.host:
            continue
        if mission.stands_on(other.valid_from or date.min) or other.stands_on(mission.valid_from or date.min):
            row.refuse(
                Text(f"같은 나라에 대사관이 또 있습니다({other.id}).", f"a second embassy beside {other.id}."),
                Text("기간을 나누거나 종류를 고치십시오.", "Part their periods, or correct the kind."),
            )
