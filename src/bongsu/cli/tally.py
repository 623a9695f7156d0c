"""What became of each source in one run: counted, printed, and how the run ends for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.markup import escape

from bongsu.cli.session import Session
from bongsu.language import BongsuError, ExitCode, SourceUnavailableError, Text
from bongsu.sources.outcome import Outcome, Step, both
from bongsu.sources.source import Source

STEPS = {
    Step.LANDED: Text("들어옴", "landed"),
    Step.UNCHANGED: Text("그대로", "unchanged"),
    Step.NOT_YET: Text("공표 전", "not yet published"),
    Step.SPLIT: Text("나누어 물음", "asked in smaller pieces"),
    Step.HELD: Text("이미 있음", "held already"),
    Step.PAUSED: Text("멈춤", "paused"),
    Step.FAILED: Text("실패", "failed"),
}


@dataclass
class Tally:
    """What became of one source in this run."""

    source: Source
    steps: Counter[Step] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    asked: int = 0  # requests to the source
    notes: dict[Text, None] = field(default_factory=dict)  # in order, each once
    errors: list[BongsuError] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one question."""
        self.steps[outcome.step] += 1
        self.asked += outcome.asked
        if outcome.error:
            self.errors.append(outcome.error)
        if outcome.why:
            self.notes[outcome.why] = None
        if outcome.receipt and outcome.step is Step.LANDED:
            self.rows.update({kind: n for kind, n in outcome.receipt.counts.items() if n})
        if outcome.receipt:
            self.notes.update(dict.fromkeys(outcome.receipt.notes))

    @property
    def whole(self) -> bool:
        """Did everything go well?"""
        return not self.errors and not self.rows["quarantined"]

    @property
    def reached(self) -> bool:
        """Did the source answer anything at all?"""
        away = all(isinstance(error, SourceUnavailableError) for error in self.errors)
        return not self.errors or not away or bool(set(self.steps) - {Step.FAILED, Step.HELD})

    def document(self) -> dict[str, Any]:
        """The tally as JSON."""
        return {
            "source": self.source.id,
            "asked": self.asked,
            "steps": {step.value: self.steps[step] for step in Step},
            "rows": dict(self.rows),
            "notes": list(self.notes),
            "errors": [both(error) for error in self.errors],
        }


def table(session: Session, tallies: Sequence[Tally]) -> None:
    """Print what became of each source."""
    if not tallies:
        session.out.print(
            session.say(
                Text(
                    "지금 받을 차례인 출처가 없습니다. 그래도 받으려면 --force 를 붙이십시오.",
                    "Nothing is due now. To ask all the same, give --force.",
                )
            )
        )
    for tally in tallies:
        told = [f"{session.say(name)} {tally.steps[step]:,}" for step, name in STEPS.items() if tally.steps[step]]
        if tally.rows["quarantined"]:
            told.append(f"{session.say(Text('격리된 행', 'rows set aside'))} {tally.rows['quarantined']:,}")
        session.out.print(f"[bold]{tally.source.id}[/bold] {escape(', '.join(told))}")
        for error in tally.errors:
            session.out.print(f"  [red]{escape(error.to(session.language))}[/red]")
        for note in tally.notes:
            session.out.print(f"  [dim]{escape(session.say(note))}[/dim]")


def exit_code(tallies: Sequence[Tally]) -> ExitCode:
    """How a run with these tallies ends: nothing reached, all well, or in part."""
    if tallies and not any(tally.reached for tally in tallies):
        return ExitCode.SOURCE_UNAVAILABLE
    return ExitCode.DONE if all(tally.whole for tally in tallies) else ExitCode.PARTIAL
