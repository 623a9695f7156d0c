"""`bongsu carry`: signed bundles from the collector, on the internet, to the floor, which has no way out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text, UsageError

if TYPE_CHECKING:
    from bongsu.records.carry.landing import Carried
    from bongsu.records.carry.manifest import Delivery
    from bongsu.records.carry.packing import Out
    from bongsu.records.delivery import Raw, Reading

MEGABYTE = 1 << 20


def keys(session: Session, *, trust: Path | None, as_json_: bool) -> ExitCode:
    """Make the collector's keys, or install a collector's public key on the floor's side."""
    from bongsu.records.carry import keys as pair  # noqa: PLC0415 - an extra
    from bongsu.records.carry.packing import FOLDER  # noqa: PLC0415 - likewise

    folder = session.folder / FOLDER
    file, name = (trust, pair.trust(folder, trust)) if trust else pair.make(folder)
    if as_json_:
        as_json(session, {"file": str(file), "fingerprint": name, "trusted": trust is not None})
        return ExitCode.DONE
    made = Text(
        "열쇠를 만들었습니다. 이 파일을 안쪽 망에 등록하십시오:", "The keys are made. Install this file on the floor:"
    )
    known = Text("이 수집기를 믿습니다:", "This collector is trusted now:")
    session.out.print(f"{session.say(known if trust else made)} {escape(str(file))}")
    session.out.print(f"{session.say(Text('지문', 'Fingerprint'))}: {name}")
    return ExitCode.DONE


def out(session: Session, bundle: Path, *, since: int | None, part_size: int | None, as_json_: bool) -> ExitCode:
    """Write the next bundle.

    Args:
        session: of the collector.
        bundle: the file; parts get .001, .002, … behind its name.
        since: where an earlier bundle ended, to carry out again what followed it.
        part_size: megabytes of a part; None: one file.
        as_json_: the answer as JSON.
    """
    from bongsu.records.carry.packing import carry_out  # noqa: PLC0415 - the lake's engine takes a second to import

    if part_size is not None and part_size < 1:
        raise UsageError(
            Text("크기는 1 이상이어야 합니다.", "the size must be 1 or more."),
            where="--part-size",
            mend=Text("메가바이트 수를 주십시오.", "Give it in megabytes."),
        )
    lake = session.lake()
    try:
        size = part_size * MEGABYTE if part_size else None
        found = carry_out(lake, bundle, now=session.now, since=since, part_size=size)
    finally:
        lake.close()
    if as_json_:
        as_json(session, _sent(found))
    else:
        _print_sent(session, found)
    return ExitCode.DONE


def in_(session: Session, bundles: Sequence[Path], *, grade: str, as_json_: bool) -> ExitCode:
    """Carry a bundle in.

    Args:
        session: of the floor.
        bundles: the bundle's file, or the parts that are at hand.
        grade: this installation's (C, S or O); what is graded higher is refused.
        as_json_: the answer as JSON.

    Returns:
        PARTIAL where files are still missing, or where entries were refused.
    """
    from bongsu.records.carry.landing import carry_in  # noqa: PLC0415 - likewise

    own = _grade(grade)
    lake = session.lake()
    try:
        found = carry_in(lake, bundles, read_again, grade=own, now=session.now, run_id=session.run_id)
    finally:
        lake.close()
    if as_json_:
        as_json(session, _document(found))
    else:
        _print(session, found)
    return ExitCode.PARTIAL if found.missing or found.refused or found.claimed else ExitCode.DONE


def read_again(one: "Delivery", raws: "Sequence[Raw]") -> "Reading":
    """The entry's files through the door that every source uses; the sample lake's own through its own."""
    from bongsu.sources.fetch import Given, read  # noqa: PLC0415 - likewise
    from bongsu.sources.sample.load import reading_of  # noqa: PLC0415 - likewise
    from bongsu.sources.source import source  # noqa: PLC0415 - likewise

    packed = reading_of(raws[0]) if len(raws) == 1 else None
    return packed or read(source(one.source), tuple(raws), Given.from_json(one.given), one.read_at)


def _grade(told: str) -> str:
    from bongsu.records.marking import GRADES  # noqa: PLC0415 - beside the rest

    if told.upper() in GRADES:
        return told.upper()
    raise UsageError(
        Text(f"'{told}' 등급은 없습니다.", f"there is no grade '{told}'."),
        where="--grade",
        mend=Text(f"있는 것: {', '.join(GRADES)}.", f"There are: {', '.join(GRADES)}."),
    )


def _sent(found: "Out") -> dict[str, Any]:
    sent = found.sent
    told = {"bundle": sent.bundle, "first": sent.first, "last": sent.last, "digest": sent.digest} if sent else {}
    files = sent.files if sent else ()
    return {"status": "out" if sent else "nothing new", **told, "files": files, "left_out": found.left_out}


def _print_sent(session: Session, found: "Out") -> None:
    sent, say = found.sent, session.say
    if sent is None:
        session.out.print(say(Text("지난 봉투 뒤로 새것이 없습니다.", "Nothing has come since the last bundle.")))
    else:
        what = Text(
            f"{sent.bundle}번 봉투, 순번 {sent.first}–{sent.last}",
            f"Bundle {sent.bundle}, entries {sent.first}–{sent.last}",
        )
        session.out.print(f"[bold]{say(what)}[/bold]")
        for file in sent.files:
            session.out.print(f"  {escape(file)}")
    if found.left_out:
        left = Text(
            f"검토를 마친 공관보고 {found.left_out}건은 담지 않았습니다. 안쪽에서만 내는 기록이라 수집기에는 없어야 합니다. "
            "어떻게 들어왔는지 확인하십시오.",
            f"Left out: {found.left_out} of reviewed mission reports. Only the floor publishes them, and a collector "
            "should hold none: find out how they came here.",
        )
        session.out.print(say(left))


def _document(found: "Carried") -> dict[str, Any]:
    told = found.manifest
    return {
        "status": _status(found),
        "collector": told.collector,
        "bundle": told.bundle,
        "first": told.first,
        "last": told.last,
        "landed": found.landed,
        "missing": found.missing,
        "refused": found.refused,
        "claimed": found.claimed,
    }


def _status(found: "Carried") -> str:
    return "already in" if found.already else "waiting" if found.missing else "in"


def _print(session: Session, found: "Carried") -> None:
    told, say = found.manifest, session.say
    states = {
        "already in": Text(
            "이미 반입한 봉투입니다. 바뀐 것이 없습니다.", "it was carried in before; nothing has changed."
        ),
        "waiting": Text(
            "잘렸거나 부분이 모자랍니다. 온 것은 두었으니 나머지를 반입하면 이어집니다. 아직 아무것도 들이지 않았습니다.",
            "cut, or parts are missing. What came is kept; carry in the rest to go on. Nothing has landed yet.",
        ),
        "in": Text(
            f"항목 {found.landed}개를 들였습니다.",
            f"{found.landed} {'entry' if found.landed == 1 else 'entries'} landed.",
        ),
    }
    head = Text(
        f"{told.bundle}번 봉투(순번 {told.first}–{told.last})",
        f"Bundle {told.bundle} (entries {told.first}–{told.last})",
    )
    session.out.print(f"[bold]{say(head)}[/bold]: {say(states[_status(found)])}")
    for name in found.missing:
        session.out.print(f"  {say(Text('없음', 'missing'))}: {escape(name)}")
    for number in found.refused:
        session.out.print(f"  {say(Text('등급이 높아 받지 않음', 'refused, graded too high'))}: {escape(number)}")
    for number in found.claimed:
        why = Text("안쪽에서만 내는 기록이라 받지 않음", "refused, only the floor publishes such")
        session.out.print(f"  {say(why)}: {escape(number)}")
