"""What is done with standing checks: plan them from the catalogue, and answer one in a tap."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction

from bongsu.items.catalogue import Catalogue
from bongsu.items.grade import ews_grade
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.missions import Network
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, NotThereError, OutOfStepError
from bongsu.people.reader import Actor
from bongsu.responses import rules
from bongsu.responses.actions.ledger import doer
from bongsu.responses.home import mission_zone
from bongsu.responses.models import CheckDone, StandingCheck
from bongsu.responses.schedule import EVERY, due_after, folded, period
from bongsu.responses.states import Step

Duties = Mapping[tuple[str, str], str]  # (mission, item) → every


@transaction.atomic
def plan_checks(
    *, by: Actor, catalogue: Catalogue, network: Network, on: date, grades: Mapping[str, str | None] | None = None
) -> tuple[int, int]:
    """Bring the standing checks in line with the catalogue: each item's supplier countries, each asked through one mission.

    Args:
        by: a task of ours or a judge.
        catalogue: the watched items.
        network: the missions.
        on: the day.
        grades: A–D by item, as the watch gives them; what is not there is graded by the shares that the catalogue cites.

    Returns:
        How many began and how many ended; 0 and 0 where nothing changed.
    """
    if not by.reader.judges:
        raise DeniedError(
            Text("센터 분석관이나 당직관만 할 수 있습니다.", "only the centre or the duty officer may do this.")
        )
    wanted = duties(catalogue, network, on, grades or {})
    standing = StandingCheck.objects.select_for_update().filter(ended_at=None).order_by("pk")
    held = {(one.mission, one.item): one for one in standing.prefetch_related("done__report")}
    over = [one.pk for key, one in held.items() if wanted.get(key) != one.every]
    new = [key for key, every in wanted.items() if key not in held or held[key].every != every]
    StandingCheck.objects.filter(pk__in=over).update(ended_at=by.at)
    begun = [_begun(by, *key, wanted[key], held.get(key)) for key in new]
    StandingCheck.objects.bulk_create(begun, ignore_conflicts=True)  # another plan may have been faster
    if begun or over:
        write_line(by, "check.plan", "check", began=len(begun), ended=len(over), catalogue=catalogue.version)
    return len(begun), len(over)


def _begun(by: Actor, mission: str, item: str, every: str, before: StandingCheck | None) -> StandingCheck:
    """A new check, which goes on counting where the one before it stood."""
    from_ = _counted_from(before) if before else by.at
    due = due_after(every, from_, mission_zone(mission))
    return StandingCheck(mission=mission, item=item, every=every, since=by.at, counted_from=from_, due_at=due)


def _counted_from(check: StandingCheck) -> datetime:
    """When a check was last answered, or began to be awaited."""
    answered = (one.at for one in check.done.all() if one.report is None or one.report.withdrawn_at is None)
    return max(answered, default=check.counted_from or check.since)


def duties(catalogue: Catalogue, network: Network, on: date, grades: Mapping[str, str | None]) -> Duties:
    """Who looks at what, how often: the first in rank of each supplier country's missions."""
    return {
        (mission, item.id): EVERY[grades[item.id] if item.id in grades else _letter(item, on)]
        for item in catalogue.as_of(on).items.values()
        for mission in _missions(item, network, on)
    }


def _missions(item: Item, network: Network, on: date) -> Iterator[str]:
    countries = (*(one.country for one in item.suppliers), *(fact.partner for fact in item.dependence))
    for country in dict.fromkeys(countries):
        found = network.missions_for(country, on) if country != network.home else ()
        if found:
            yield found[0].id


def _letter(item: Item, on: date) -> str | None:
    share = max((fact.share for fact in item.dependence), default=None)
    return ews_grade(item, share, None, on).letter


@transaction.atomic
def nil_return(*, by: Actor, check: int) -> StandingCheck:
    """Say 특이동향 없음: looked, and nothing there. Saying it twice in a period says it once.

    Raises:
        NotThereError: no such check of the actor's mission.
        DeniedError: not a mission officer.
        OutOfStepError: the check ended, or a report of this period says that there is something.
    """
    row = StandingCheck.objects.select_for_update().filter(rules.checks_for(by.reader), pk=check).first()
    if row is None:
        raise NotThereError(Text("상시점검", "standing check"))
    why = rules.may(by.reader, Step.NIL)
    if why is not None:
        raise DeniedError(why)
    if row.ended_at is not None:
        raise OutOfStepError(Text("끝난 상시점검입니다.", "this standing check has ended."))
    begins = period(row.every, by.at, mission_zone(row.mission)).starts
    answered = row.done.exclude(report__withdrawn_at__isnull=False).filter(at__gte=begins)
    if answered.filter(nil=False).exists():
        raise OutOfStepError(
            Text("이번 기간에 낸 보고가 있습니다.", "a report was filed on it in this period."),
            mend=Text("보고를 먼저 철회하십시오.", "Withdraw the report first."),
        )
    if not answered.exists():
        CheckDone.objects.create(of=row, by_id=doer(by), at=by.at, nil=True)
        folded(row)
        write_line(by, "check.nil", "check", row.pk, mission=row.mission, item=row.item)
    return row
