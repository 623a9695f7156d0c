"""`bongsu read`: a foreign notice in; out, what it means at home."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.markup import escape

from bongsu.cli.fetch import download
from bongsu.cli.output import as_json
from bongsu.cli.session import Session, country_code
from bongsu.detectors.publisher import publishers
from bongsu.fusion.levels import fires
from bongsu.fusion.meaning import ItemMeaning, Meaning, meaning
from bongsu.fusion.meaning_document import document, others
from bongsu.fusion.today import reads_of
from bongsu.language import BadInputError, ExitCode, Text
from bongsu.sources.source import sources
from bongsu.texts.findings import Confidence
from bongsu.texts.notice import read_notice

MOST = 20 << 20  # bytes of a notice

_SURE = {
    Confidence.HIGH: Text("확실", "sure"),
    Confidence.MEDIUM: Text("유력", "likely"),
    Confidence.LOW: Text("불확실", "unsure"),
}


def run(session: Session, place: str, *, country: str | None, as_of: str | None, as_json_: bool) -> ExitCode:
    """Read one notice and tell."""
    moment = session.moment(as_of)
    data, name = _bytes(place)
    catalogue = session.catalogue()
    notice = read_notice(
        data, name=name, catalogue=catalogue, hint_country=country_code(country, "--country") if country else None
    )
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        found = meaning(
            notice,
            snapshot,
            catalogue,
            session.network(),
            moment,
            publishers(sources(), reads_of(snapshot)),
            home=session.home,
            zone=session.zone,
        )
    finally:
        lake.close()
    if as_json_:
        as_json(session, document(found))
    else:
        _print(session, found)
    return ExitCode.DONE


def _bytes(place: str) -> tuple[bytes, str]:
    """The document and what to call it.

    Raises:
        BadInputError: there is no such file, or it is too large for a notice.
    """
    if place == "-":
        return _within(sys.stdin.buffer.read(MOST + 1), "-")
    if "://" in place:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "notice"
            download(place, file)
            return _within(file.read_bytes(), place)
    try:
        with Path(place).open("rb") as stream:
            return _within(stream.read(MOST + 1), place)
    except OSError as error:
        raise BadInputError(
            Text("공고 파일을 읽을 수 없습니다.", "the notice cannot be read."),
            where=place,
            mend=Text("경로를 확인하십시오. 표준 입력은 - 로 씁니다.", "Check the path; use - for standard input."),
        ) from error


def _within(data: bytes, place: str) -> tuple[bytes, str]:
    if len(data) > MOST:
        raise BadInputError(
            Text(f"공고가 {MOST >> 20} MiB보다 큽니다.", f"the notice is larger than {MOST >> 20} MiB."), where=place
        )
    return data, place


# ---- for people


def _print(session: Session, found: Meaning) -> None:
    say, out, notice = session.say, session.out, found.notice
    out.print(f"[bold]{escape(say(found.answer))}[/bold]")
    facts = [notice.issuer, notice.number, notice.instrument, *(f"{k} {v}" for k, v in notice.dates.items() if v)]
    out.print(f"[dim]{escape(' · '.join(str(fact) for fact in facts if fact))}[/dim]")
    for one in found.items:
        _print_item(session, one, found.country)
    who = (
        (Text("알려야 할 공관", "Missions to tell"), found.missions),
        (Text("소관 부처", "Ministries in charge"), found.in_charge),
        (Text("영향 부처", "Ministries hit"), found.hit),
        (Text("담당과", "Desks"), found.desks),
    )
    for heading, people in who:
        if people:
            out.print(f"\n[bold]{say(heading)}[/bold]  {escape(', '.join(say(one.name) for one in people))}")
    for note in found.notes:
        out.print(f"[dim]{escape(say(note))}[/dim]")


def _print_item(session: Session, one: ItemMeaning, country: str | None) -> None:
    say, out, warning = session.say, session.out, one.warning
    codes = f" HS {', '.join(one.good.codes)}" if one.good.codes else ""
    out.print(
        f"\n[bold]{escape(say(one.item.name))}[/bold]{codes} · {say(fires(one.level))} · {say(_SURE[one.good.confidence])}"
    )
    out.print(f"  {escape(say(one.good.why))}")
    unknown = Text("그 나라에서 오는 비율을 모릅니다.", "Our share from there is not known.")
    out.print(f"  {escape(say(one.share.headline if one.share else unknown))}")
    for use in warning.uses:
        ends = f"{', '.join(map(say, use.in_charge))} → {', '.join(map(say, use.hit))}"
        out.print(f"  · {escape(say(use.name))} ({escape(ends)})")
    cover = warning.days_of_cover
    stock = (
        Text("재고 {days}일분{old}", "{days} days of cover{old}").format(
            days=cover.days, old=Text(" (오래된 수치)", " (stale)") if cover.stale else Text("", "")
        )
        if cover
        else Text("재고 일수를 모릅니다.", "Days of cover unknown.")
    )
    out.print(f"  {say(stock)}")
    out.print(f"  → {escape(say(warning.next_step))}")
    suppliers = ", ".join(say(other.name) for other in others(one, country))
    none = say(Text("아는 다른 공급국이 없습니다.", "No other supplier is known."))
    out.print(f"  {escape(say(Text('다른 공급국: ', 'Other suppliers: ')) + suppliers) if suppliers else none}")
