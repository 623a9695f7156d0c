"""`bongsu explain`: from a warning to its records, from a record to its versions, from there to the bytes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.tree import Tree

from bongsu.cli.output import as_json, plain
from bongsu.cli.session import Session
from bongsu.cli.watch import warnings_of
from bongsu.cli.watch_rows import as_document, asked, evidence_of, local_day
from bongsu.detectors.signal import LAYER_NAMES
from bongsu.fusion.levels import fires
from bongsu.fusion.warning import Alternative, LayerView, Warning  # noqa: A004 - the design's word
from bongsu.language import BadInputError, ExitCode, Text, UsageError
from bongsu.records.delivery import Raw
from bongsu.records.identity import named
from bongsu.records.journal import Entry
from bongsu.records.shapes import RecordType
from bongsu.records.snapshot import Snapshot
from bongsu.sources.sample.manifest import sample
from bongsu.sources.source import sources

_HASH = re.compile(r"[0-9a-f]{8,64}")


def run(session: Session, name: str, *, as_of: str | None, as_json_: bool) -> ExitCode:
    """Explain whatever `name` names."""
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        if _HASH.fullmatch(name):
            answer: Mapping[str, Any] = _raw(snapshot, name)
        elif "/" in name:
            answer = record(session, snapshot, name, as_of)
        else:
            item, _, day = name.partition("@")
            answer = _warning(session, snapshot, item, day or as_of)
        if as_json_:
            as_json(session, {key: value for key, value in answer.items() if key != "warning_"})
        else:
            _print(session, answer)
    finally:
        lake.close()
    return ExitCode.DONE


def _warning(session: Session, snapshot: Snapshot, item: str, day: str | None) -> dict[str, Any]:
    moment = session.moment(day)
    warning = warnings_of(session, snapshot, moment, [item])[0]
    journal = {entry.seq: entry for entry in snapshot.journal()}
    records = [record(session, snapshot, name, day, journal) for name in evidence_of(warning)]
    return {"warning": as_document(session, warning), "records": records, "warning_": warning}


def record(
    session: Session, snapshot: Snapshot, name: str, as_of: str | None, journal: Mapping[int, Entry] | None = None
) -> dict[str, Any]:
    """One fact: all its versions, the one known at the moment, and the raw row that each was read from.

    Raises:
        UsageError: no such record in the lake.
    """
    moment = session.moment(as_of)
    type_, key = _named(name)
    entries = journal or {entry.seq: entry for entry in snapshot.journal()}
    versions = snapshot.history(type_, key)
    if not versions:
        raise UsageError(
            Text("그런 기록은 없습니다.", "there is no such record."),
            where=name,
            mend=Text(
                "bongsu watch --json 의 evidence 에서 이름을 복사하십시오.",
                "Copy a name from `evidence` in bongsu watch --json.",
            ),
        )
    known = [version for version in versions if version["known_at"] <= moment]
    return {
        "id": name,
        "record": type_.name,
        "versions": [
            _version(type_.value_names, one, entries, current=bool(known) and one is known[-1]) for one in versions
        ],
    }


def _named(name: str) -> tuple[RecordType, Mapping[str, Any]]:
    try:
        return named(name)
    except BadInputError as error:
        raise UsageError(error.what, where=name, mend=error.mend) from None


def _version(
    values: Sequence[str], row: Mapping[str, Any], entries: Mapping[int, Entry], *, current: bool
) -> dict[str, Any]:
    entry = entries[row["delivery"]]
    raw = entry.raws[row["raw"]]
    licence = sources()[entry.source].licence if entry.source in sources() else None
    return {
        "current": current,
        "values": {name: row[name] for name in values if row[name] is not None},
        "withdrawn": row["withdrawn"],
        "known_at": row["known_at"],
        "known_basis": row["known_basis"],
        "vintage": row["vintage"],
        "read_at": entry.read_at,
        "delivery": entry.seq,
        "run_id": entry.run_id,
        "source": entry.source,
        "citation": licence.citation if licence else None,
        "licence": licence.name if licence else None,
        "raw": {**_raw_facts(raw), "row": row["raw_row"], "rows": row["raw_rows"]},
    }


def _raw_facts(raw: Raw) -> dict[str, Any]:
    return {
        "sha256": raw.sha256,
        "name": raw.name,
        "url": raw.url or None,
        "bytes": raw.size,
        "received_at": raw.received_at,
        "path": str(raw.path),
        "held": raw.path.exists(),
        "originals": _originals(raw),
    }


def _originals(raw: Raw) -> list[dict[str, str]]:
    """Of a packed sample file: the publisher's files that it was extracted from. They are not in the package."""
    extract = next((one for one in sample().extracts if one.sha256 == raw.sha256), None)
    return [{"name": one.name, "sha256": one.sha256} for one in extract.originals] if extract else []


def _raw(snapshot: Snapshot, prefix: str) -> dict[str, Any]:
    found = [
        {**_raw_facts(raw), "delivery": entry.seq, "source": entry.source, "status": entry.status}
        for entry in snapshot.journal()
        for raw in entry.raws
        if raw.sha256.startswith(prefix)
    ]
    if not found:
        raise UsageError(
            Text("그런 원본은 없습니다.", "there is no such raw."),
            where=prefix,
            mend=Text(
                "bongsu records --journal 에 원본 해시가 있습니다.", "bongsu records --journal shows the hashes."
            ),
        )
    return {"raw": found}


# ---- for people


def _print(session: Session, answer: Mapping[str, Any]) -> None:
    if "raw" in answer:
        for raw in answer["raw"]:
            session.out.print(
                f"[bold]{escape(raw['name'])}[/bold]  {raw['sha256']}  #{raw['delivery']} {raw['source']}"
            )
            session.out.print(f"  {raw['bytes']:,} bytes · {escape(raw['path'])}")
    elif "warning_" in answer:
        _print_warning(session, answer["warning_"], answer["records"])
    else:
        tree = Tree(f"[bold]{escape(answer['id'])}[/bold]")
        _grow(session, tree, answer)
        session.out.print(tree)


def _print_warning(session: Session, warning: Warning, records: Sequence[Mapping[str, Any]]) -> None:
    say, out = session.say, session.out
    out.print(
        f"[bold]{escape(say(warning.name))} · {say(fires(warning.level))} · {local_day(session, warning.on)}[/bold]"
    )
    _list(session, Text("이유", "Why"), [say(one) for one in warning.reasons])
    _list(session, Text("증거 층", "Layers"), [_layer(session, one) for one in warning.layers])
    uses = [
        f"{say(use.name)}: {', '.join(map(say, use.in_charge))} → {', '.join(map(say, use.hit))}"
        for use in warning.uses
    ]
    _list(session, Text("쓰임: 소관 → 영향", "Uses: in charge → hit"), uses)
    _list(session, Text("확인할 공관", "Missions to ask"), [say(one.name) for one in warning.missions])
    _list(session, Text("다른 공급국", "Other suppliers"), [_other(session, one) for one in warning.alternatives])
    _list(session, Text("재고", "Stock"), [_cover(session, warning)])
    _list(session, Text("올릴 근거", "Would raise it"), [say(one) for one in warning.raise_if])
    _list(session, Text("내릴 근거", "Would lower it"), [say(one) for one in warning.lower_if])
    _list(session, Text("확률", "Probability"), [say(warning.calibration)])
    if warning.questions:
        _list(session, Text("공관에 물을 것", "To ask missions"), [asked(session, one) for one in warning.questions])
    _list(session, Text("다음 할 일", "Next"), [say(warning.next_step)])
    tree = Tree(say(Text("[bold]기록에서 원본까지[/bold]", "[bold]From records to bytes[/bold]")))
    for one in records:
        _grow(session, tree.add(escape(one["id"])), one)
    out.print(tree)


def _list(session: Session, heading: Text, lines: Sequence[str]) -> None:
    session.out.print(f"\n[bold]{session.say(heading)}[/bold]")
    for line in lines or [session.say(Text("모름", "unknown"))]:
        session.out.print(f"  {escape(line)}")


def _layer(session: Session, view: LayerView) -> str:
    state = {"live": Text("있음", "present"), "stale": Text("오래됨", "stale"), "missing": Text("없음", "missing")}
    head = f"{session.say(LAYER_NAMES[view.layer])} [{session.say(state[view.state.value])}]"
    if view.valid is None:
        return f"{head} {session.say(view.headline)}"
    known = f"{view.known_at:%Y-%m-%d}" if view.known_at else "?"
    when = Text("{valid} 자료, {known} 공개, {source}", "of {valid}, known {known}, {source}").format(
        valid=f"{view.valid:%Y-%m-%d}", known=known, source=view.source_name
    )
    return f"{head} {session.say(view.headline)} ({session.say(when)})"


def _other(session: Session, one: Alternative) -> str:
    head = session.say(one.name) + (f" {one.share:.0%}" if one.share is not None else "")
    return " · ".join([head, *map(session.say, one.notes)])


def _cover(session: Session, warning: Warning) -> str:
    cover = warning.days_of_cover
    if cover is None:
        return session.say(Text("재고 일수를 모릅니다.", "days of cover unknown"))
    old = Text("(오래된 수치)", "(stale)") if cover.stale else Text("", "")
    return session.say(
        Text("{days}일분, {age}일 전 수치 {old}", "{days} days of cover, {age} days old {old}").format(
            days=cover.days, age=cover.age, old=old
        )
    )


def _grow(session: Session, tree: Tree, one: Mapping[str, Any]) -> None:
    for version in one["versions"]:
        values = ", ".join(f"{name}={plain(value)}" for name, value in version["values"].items())
        mark = "●" if version["current"] else "○"
        head = tree.add(escape(f"{mark} {'—' if version['withdrawn'] else values}"))
        known = Text("공개 {at} ({basis})", "known {at} ({basis})").format(
            at=f"{version['known_at']:%Y-%m-%d %H:%MZ}", basis=version["known_basis"]
        )
        read = Text("입수 {at}, #{seq} {source}", "read {at}, #{seq} {source}").format(
            at=f"{version['read_at']:%Y-%m-%d %H:%MZ}", seq=version["delivery"], source=version["source"]
        )
        head.add(escape(f"{session.say(known)} · {session.say(read)}"))
        raw = version["raw"]
        where = Text("{name} {row}행", "{name}, row {row}").format(name=raw["name"], row=raw["row"])
        head.add(
            escape(
                f"{session.say(where)} · sha256 {raw['sha256']} · {raw['bytes']:,} bytes · {raw['url'] or raw['path']}"
            )
        )
        for original in raw["originals"]:
            told = Text("원래 파일 {name} · sha256 {sha256}", "extracted from {name} · sha256 {sha256}")
            head.add(escape(session.say(told.format(**original))))
        head.add(escape(f"{version['citation']} ({version['licence']})"))
