"""`bongsu watch`: which items are in danger, why, how we know, how old each figure is, and whom to ask."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bongsu.cli.output import as_csv, as_json, as_xlsx
from bongsu.cli.session import Session
from bongsu.cli.watch_rows import SHEET, document, row_of
from bongsu.cli.watch_table import table
from bongsu.fusion.budget import Budget
from bongsu.fusion.levels import CRITICAL
from bongsu.fusion.today import warnings_at
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.language import ExitCode, Text, UsageError
from bongsu.records.snapshot import Snapshot

SHOWN_FROM = 2  # fires: calm items are counted, not listed


def warnings_of(
    session: Session, snapshot: Snapshot, moment: datetime, items: Sequence[str], budget: Budget | None = None
) -> tuple[Warning, ...]:
    """All warnings at a moment, the gravest first, under the default budget where none is given."""
    catalogue, network = session.catalogue(), session.network()
    wanted = list(items) or None
    return warnings_at(
        snapshot, catalogue, network, moment, home=session.home, zone=session.zone, items=wanted, budget=budget
    )


def run(
    session: Session,
    *,
    as_of: str | None,
    items: Sequence[str],
    level: int | None,
    everything: bool,
    form: str,
    xlsx: Path | None,
    budget: float | None = None,
) -> ExitCode:
    """Print the watch in the form asked for."""
    moment = session.moment(as_of)
    chosen = Budget() if budget is None else Budget(budget)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        found = warnings_of(session, snapshot, moment, items, chosen)
        everything = everything or bool(items)
        _print(session, snapshot, moment, found, chosen, level=level, everything=everything, form=form, xlsx=xlsx)
    finally:
        lake.close()
    return ExitCode.DONE


def _print(  # noqa: PLR0913 - every form of the answer
    session: Session,
    snapshot: Snapshot,
    moment: datetime,
    found: Sequence[Warning],
    budget: Budget,
    *,
    level: int | None,
    everything: bool,
    form: str,
    xlsx: Path | None,
) -> None:
    if level is not None and not 1 <= level <= CRITICAL:
        raise UsageError(
            Text(f"--level {level} 값은 없습니다.", f"there is no --level {level}."),
            mend=Text("1에서 5까지의 수를 주십시오.", "Give a number from 1 to 5."),
        )
    chosen = [one for one in found if _wanted(one, level)]
    if xlsx:
        as_xlsx(session, xlsx, SHEET, [row_of(session, one) for one in chosen])
    elif form == "json":
        as_json(session, document(session, snapshot, moment, found, chosen, budget))
    elif form == "csv":
        as_csv(session, SHEET, [row_of(session, one) for one in chosen])
    else:
        shown = chosen if everything or level else [one for one in chosen if (one.level or 0) >= SHOWN_FROM]
        table(session, snapshot, moment, found, shown, budget)


def _wanted(warning: Warning, level: int | None) -> bool:
    return level is None or (warning.level or 0) >= level
