"""`bongsu run`: fetch what is due, under one lease; go on when a source fails; end with how each source stands."""

import os
import platform
import sys
import time
import traceback
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rich.markup import escape
from rich.progress import Progress, TaskID

from bongsu.cli import health as health_table
from bongsu.cli.fetch import door as plain_door
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.cli.tally import Tally, exit_code
from bongsu.cli.tally import table as tally_table
from bongsu.cli.wishes import Wish, as_yaml, keys, wishes
from bongsu.http import Door
from bongsu.language import ExitCode, Text, UsageError
from bongsu.records.journal import Entry
from bongsu.records.lake import Lake
from bongsu.records.lease import Holder, lease
from bongsu.sources.asking import PlanRequest, one_file
from bongsu.sources.cadence import newest_out
from bongsu.sources.due import Health, State, due
from bongsu.sources.outcome import Outcome
from bongsu.sources.past import Answers, answers
from bongsu.sources.run import Round
from bongsu.sources.source import Source, source, sources


@dataclass(frozen=True)
class Asked:
    """What the user said of a run.

    Args:
        only: these sources; all where empty.
        force: ask everything again, due or not, whatever is held.
    """

    only: tuple[str, ...] = ()
    force: bool = False


def run(
    session: Session,
    asked: Asked,
    *,
    dry_run: bool = False,
    wants: bool = False,
    every: int | None = None,
    as_json_: bool = False,
) -> ExitCode:
    """Run once, or again and again; print what is due or wanted where only that is asked for."""
    if every is not None and every < 1:
        raise UsageError(
            Text("1분 이상이어야 합니다.", "it must be one minute or more."),
            where="--every",
            mend=Text("예: --every 60", "Example: --every 60"),
        )
    chosen = _chosen(asked.only)
    if wants:
        return _tell_wants(session, chosen, as_json_=as_json_)
    if dry_run:
        return _tell_due(session, chosen, as_json_=as_json_)
    while True:
        code = _once(session, asked, chosen, as_json_=as_json_)
        if every is None:
            return code
        session.err.print(session.say(Text("{n}분 뒤에 다시 봅니다.", "Looking again in {n} minutes.").format(n=every)))
        time.sleep(every * 60)
        session = replace(session, now=datetime.now(UTC), run_id=uuid.uuid4().hex[:12])


def door(one: Source) -> Door:
    """The way to a source, no quicker than it allows."""
    return plain_door(min_interval=float(one.settings.get("min_interval_seconds", 0)))


# ---- one run


def _once(session: Session, asked: Asked, chosen: Sequence[Source], *, as_json_: bool) -> ExitCode:
    tallies, after = fetch_due(session, asked, chosen)
    code = exit_code(tallies)
    if as_json_:
        as_json(session, {
            "run_id": session.run_id,
            "now": session.now,
            "exit_code": int(code),
            "asked": [tally.document() for tally in tallies],
            "health": [health_table.document(one) for one in after],
        })  # fmt: skip
    else:
        tally_table(session, tallies)
        health_table.table(session, after, Text("출처 상태", "How the sources stand"))
    return code


def fetch_due(
    session: Session, asked: Asked, chosen: Sequence[Source] | None = None
) -> tuple[list[Tally], list[Health]]:
    """Fetch what is due of the sources `chosen`, or of all, under the lake's lease; what became of each, and how it stands.

    Raises:
        LeaseHeldError: another run is at it.
    """
    chosen = list(sources().values()) if chosen is None else chosen
    holder = Holder(session.run_id, platform.node(), os.getpid(), session.now.isoformat(timespec="minutes"))
    with lease(session.folder, holder) as before:
        if before is not None:
            session.err.print(escape(session.say(_taken_over(before))))
        known, wanted = keys(session, sources().values()), wishes(session, sources().values())
        lake = session.lake()
        try:
            tallies = list(_fetched(session, lake, asked, chosen, known, wanted))
            return tallies, _health(session, lake, chosen, known, wanted)
        finally:
            lake.close()


def _fetched(
    session: Session,
    lake: Lake,
    asked: Asked,
    chosen: Sequence[Source],
    known: Mapping[str, str],
    wanted: Mapping[str, Wish],
) -> Iterator[Tally]:
    standing = _health(session, lake, chosen, known, wanted)
    turn = [one.source for one in standing if one.due or (asked.force and _can_be_asked(one))]
    _check_keys(standing, asked.only)
    with Progress(console=session.err, transient=True, disable=not session.err.is_terminal) as progress:
        for one in turn:
            tally = Tally(one)
            bar = progress.add_task(escape(session.say(one.name)), total=None)
            request = _request(session, one, known, wanted)
            for outcome in _outcomes(session, lake, request, known.get(one.id, ""), force=asked.force):
                tally.add(outcome)
                _advance(progress, bar, outcome)
                if outcome.fault:
                    traceback.print_tb(outcome.fault.__traceback__, file=sys.stderr)
            yield tally


def _outcomes(session: Session, lake: Lake, request: PlanRequest, key: str, *, force: bool) -> Iterator[Outcome]:
    one = request.source
    expected = newest_out(one, session.now)
    held = Answers() if force else answers(_own(lake, one), expected.out if expected else None)
    with door(one) as way:
        yield from Round(lake, way, request, held, key, session.run_id).run()


def _request(session: Session, one: Source, known: Mapping[str, str], wanted: Mapping[str, Wish]) -> PlanRequest:
    wish = wanted[one.id]
    return PlanRequest(one, session.now, wish.first, wish.wants, keyed=one.id in known)


def _own(lake: Lake, one: Source) -> list[Entry]:
    return [entry for entry in lake.snapshot().journal() if entry.source == one.id]


def _health(
    session: Session, lake: Lake, chosen: Sequence[Source], known: Mapping[str, str], wanted: Mapping[str, Wish]
) -> list[Health]:
    spelled = {one.id: _request(session, one, known, wanted).wanted for one in chosen}
    return due(chosen, lake.snapshot().journal(), session.now, keyed=known, wanted=spelled, zone=session.zone)


def _can_be_asked(one: Health) -> bool:
    return one.source.fetches and one.state is not State.NEEDS_KEY


def _check_keys(standing: Sequence[Health], only: Sequence[str]) -> None:
    """Whoever names a source wants it asked: a key that is missing is no silent matter then."""
    for one in standing if only else ():
        if one.state is State.NEEDS_KEY:
            raise UsageError(one.why, where=f"--only {one.source.id}")


def _chosen(only: Sequence[str]) -> list[Source]:
    """The sources asked for, or all.

    Raises:
        UsageError: one that there is not, or that no machine fetches.
    """
    chosen = [source(id_) for id_ in dict.fromkeys(only)] or list(sources().values())
    for one in chosen if only else ():
        if not one.fetches:
            raise UsageError(
                Text(f"{one.id}은(는) 자동으로 받지 않는 출처입니다.", f"no machine fetches {one.id}."),
                where="--only",
                mend=Text(
                    f"파일을 받아 bongsu fetch {one.id} --from 파일 로 넣으십시오.",
                    f"Get the file and give it with bongsu fetch {one.id} --from FILE.",
                ),
            )
    return chosen


# ---- what is told


def _tell_due(session: Session, chosen: Sequence[Source], *, as_json_: bool) -> ExitCode:
    lake = session.lake()
    try:
        known, wanted = keys(session, sources().values()), wishes(session, sources().values())
        standing = _health(session, lake, chosen, known, wanted)
    finally:
        lake.close()
    if as_json_:
        as_json(session, [health_table.document(one) for one in standing])
        return ExitCode.DONE
    count = sum(one.due for one in standing)
    title = (
        Text("지금 받을 출처 {n}곳", "{n} sources are due now")
        if count != 1
        else Text("지금 받을 출처 1곳", "1 source is due now")
    )
    health_table.table(session, standing, title.format(n=count))
    return ExitCode.DONE


def _tell_wants(session: Session, chosen: Sequence[Source], *, as_json_: bool) -> ExitCode:
    found = wishes(session, sources().values())
    asked = {one.id: found[one.id] for one in chosen if not one_file(one)}
    if as_json_:
        as_json(session, {id_: {"first": wish.first, **wish.wants} for id_, wish in asked.items()})
    else:
        session.out.file.write(as_yaml(session, asked))
    return ExitCode.DONE


def _advance(progress: Progress, bar: TaskID, outcome: Outcome) -> None:
    task = next(one for one in progress.tasks if one.id == bar)
    progress.update(bar, completed=task.completed + 1, total=task.completed + 1 + outcome.left)


def _taken_over(before: Holder) -> Text:
    return Text(
        "앞선 실행({run}, {host} 프로세스 {process}, {since})이 끝맺지 못하고 끝났습니다. 이어서 받습니다.",
        "The run before ({run}, process {process} on {host}, {since}) ended without finishing; this one goes on.",
    ).format(run=before.run_id, host=before.host, process=before.process, since=before.since)
