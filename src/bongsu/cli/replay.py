"""`bongsu replay`: the watch stepping through past days; only days on which something changes are shown."""

import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rich.markup import escape

from bongsu.cli.backtest import watching
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.cli.stamp import stamp
from bongsu.detectors.signal import MARKS, Layer, Signal, State
from bongsu.fusion.backtest.run import SEED
from bongsu.fusion.backtest.walk import Watching
from bongsu.fusion.levels import fires
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.language import ExitCode, Language, Text, UsageError

STYLES = {5: "bold red", 4: "red", 3: "yellow", 2: "cyan"}


@dataclass(frozen=True)
class Change:
    """What is new of an item on a day.

    Args:
        day: the day; `warning` is the item's at its end.
        before: the level the day before; None: unknown, or the first day.
        fresh: reasons that were not there the day before.
        gone: reasons that were.
        notices: headlines of acts that were not there the day before.
        opening: the first day: how it stands, and no change.
    """

    day: date
    warning: Warning
    before: int | None
    fresh: tuple[Text, ...]
    gone: tuple[Text, ...]
    notices: tuple[Text, ...]
    opening: bool = False


def run(session: Session, *, first: str, last: str, items: Sequence[str], speed: float, as_json_: bool) -> ExitCode:
    """Walk from the first day to the last."""
    begin, end = _day(session, first, "--from"), _day(session, last, "--to")
    _check(begin, end, speed)
    for item in items:
        session.catalogue().item(item)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        marks = stamp(session, snapshot, SEED)
        walk = watching(session, snapshot, session.home)
        found = _walk(session, walk, (begin, end), items, 0.0 if as_json_ else speed, quiet=as_json_)
    finally:
        lake.close()
    if as_json_:
        as_json(session, {**_document(walk, found, begin, end), **marks})
    else:
        _timeline(session, found)
    return ExitCode.DONE


def _check(begin: date, end: date, speed: float) -> None:
    if end < begin:
        what = Text(f"--to({end})가 --from({begin})보다 이릅니다.", f"--to ({end}) lies before --from ({begin}).")
        raise UsageError(
            what, where="--to", mend=Text("--from에 더 이른 날을 주십시오.", "Give the earlier day to --from.")
        )
    if speed < 0:
        what = Text(f"{speed:g}은 0보다 작습니다.", f"{speed:g} is below 0.")
        raise UsageError(what, where="--speed", mend=Text("0이나 그보다 큰 수를 주십시오.", "Give 0 or more."))


def _day(session: Session, told: str, where: str) -> date:
    """The day that an option names."""
    session.moment(told, where=where)
    return date.fromisoformat(told[:10])


def _walk(
    session: Session, walk: Watching, span: tuple[date, date], items: Sequence[str], speed: float, *, quiet: bool
) -> list[Change]:
    """All changes, shown as they come."""
    found: list[Change] = []
    with session.err.status("") as status:
        for day, changes in changes_of(walk, span, items):
            status.update(day.isoformat())
            found += changes
            for change in () if quiet else changes:
                _show(session, change)
            if speed:
                time.sleep(1 / speed)
    return found


def changes_of(
    walk: Watching, span: tuple[date, date], items: Sequence[str]
) -> Iterator[tuple[date, tuple[Change, ...]]]:
    """Day by day, what is new: a level, a reason, an act."""
    before: dict[str, Warning] = {}
    days = (span[0] + timedelta(days=shift) for shift in range((span[1] - span[0]).days + 1))
    for day, warnings in walk.on(days, items or None):
        yield day, tuple(one for warning in warnings if (one := _change(day, warning, before)) is not None)
        before |= {warning.subject: warning for warning in warnings}


def _change(day: date, warning: Warning, known: Mapping[str, Warning]) -> Change | None:
    before = known.get(warning.subject)
    if before is None:
        calm = (warning.level or 0) <= 1
        return None if known or calm else Change(day, warning, None, warning.reasons, (), _acts(warning), opening=True)
    now, then = _said(warning), _said(before)
    fresh = tuple(text for key, text in now.items() if key not in then)
    gone = tuple(text for key, text in then.items() if key not in now)
    notices = tuple(one for one in _acts(warning) if one not in _acts(before))
    if (warning.level, fresh, gone, notices) == (before.level, (), (), ()):
        return None
    return Change(day, warning, before.level, fresh, gone, notices)


def _said(warning: Warning) -> Mapping[Hashable, Text]:
    """The reasons by what they say, whatever the month: calm layers are left out, a raised one is another when strong."""
    signals = {signal.headline: signal for signal in warning.signals}
    found: dict[Hashable, Text] = {}
    for reason in warning.reasons:
        signal = signals.get(reason)
        if signal is None:
            found[reason] = reason
        elif signal.strength >= MARKS.raised:
            found[_key(signal)] = reason
    return found


def _key(signal: Signal) -> Hashable:
    """Whose statement it is, about which series, and how strong."""
    of = [pair for ref in signal.record_refs[:1] for pair in ref.key if pair[0] != "valid"]
    return signal.layer, signal.source, tuple(of), signal.strength >= MARKS.strong


def _acts(warning: Warning) -> tuple[Text, ...]:
    return tuple(
        one.headline for one in warning.signals if one.layer is Layer.MEASURE and one.state is not State.MISSING
    )


def _document(walk: Watching, found: Sequence[Change], begin: date, end: date) -> Mapping[str, Any]:
    return {
        "from": begin,
        "to": end,
        "home": walk.home,
        "changes": [
            {
                "day": one.day,
                "item": one.warning.subject,
                "name": one.warning.name,
                "level": one.warning.level,
                "before": one.before,
                "opening": one.opening,
                "new_reasons": one.fresh,
                "gone_reasons": one.gone,
                "notices": one.notices,
                "uses": [use.id for use in one.warning.uses],
                "missions": [mission.id for mission in one.warning.missions],
            }
            for one in found
        ],
        "timeline": [
            {"day": one.day, "item": one.warning.subject, "level": one.warning.level} for one in _turns(found)
        ],
    }


def _turns(found: Sequence[Change]) -> list[Change]:
    """The changes of level, and how each item stood at first."""
    return [one for one in found if one.opening or one.before != one.warning.level]


# ---- for people


def _show(session: Session, one: Change) -> None:
    level = _level(session, one)
    style = STYLES.get(one.warning.level or 0, "")
    head = f"{one.day}  {session.say(one.warning.name)}  {level}"
    session.out.print(f"[{style}]{escape(head)}[/]" if style else escape(head))
    for sign, texts in (("!", one.notices), ("+", one.fresh), ("-", one.gone)):
        for text in texts:
            if sign != "+" or text not in one.notices:
                session.out.print(f"    {sign} {escape(session.say(text))}")


def _level(session: Session, one: Change) -> str:
    now = session.say(fires(one.warning.level))
    if one.opening or one.before == one.warning.level:
        return now
    return f"{session.say(fires(one.before))} → {now}"


def _timeline(session: Session, found: Sequence[Change]) -> None:
    """How the levels went, at the end."""
    title = Text("시간의 흐름", "Timeline")
    session.out.print(f"\n[bold]{session.say(title)}[/bold]")
    if not found:
        session.out.print(session.say(Text("달라진 것이 없다.", "Nothing changed.")))
    for one in _turns(found):
        marks = "".join("●" if n <= (one.warning.level or 0) else "·" for n in range(1, 6))
        name = one.warning.name.ko if session.language is Language.KO else one.warning.name.en
        session.out.print(escape(f"{one.day}  {marks}  {name}  {_level(session, one)}"))
