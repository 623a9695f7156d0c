"""Where a limb of an act stands on a day."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from bongsu.indicators.measure_status import measure_status
from bongsu.records.shapes import MEASURE

ISSUED, EFFECTIVE = date(2025, 10, 9), date(2025, 11, 8)
FROM, UNTIL = date(2025, 11, 7), date(2026, 11, 10)


def event(kind: str, valid: date, limb: str = "", **more: object) -> dict[str, Any]:
    act = {"source": "test", "jurisdiction": "CHN", "issuer": "MOFCOM", "number": "55", "hs_codes": ["0102"]}
    return {**act, "limb": limb, "event": kind, "valid": valid, **more}


ISSUE = event("issued", ISSUED, effective=EFFECTIVE, published=ISSUED)
SUSPENDED = event("suspended", FROM, until=UNTIL, by="70")


def statuses(make: SimpleNamespace, on: date, *events: dict[str, Any]) -> dict[str, str]:
    rows = measure_status(make.table(MEASURE, events), on).to_pyarrow().to_pylist()
    return {row["limb"]: row["status"] for row in rows}


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2025, 10, 9), "not_yet_effective"),
        (date(2025, 11, 6), "not_yet_effective"),
        (date(2025, 11, 7), "suspended"),
        (date(2026, 11, 10), "suspended"),
        (date(2026, 11, 11), "suspension_end_passed"),
    ],
)
def test_a_suspension_before_the_effective_date(make: SimpleNamespace, on: date, status: str) -> None:
    assert statuses(make, on, ISSUE, SUSPENDED) == {"": status}


@pytest.mark.parametrize(
    ("on", "status"),
    [(date(2025, 11, 8), "in_force"), (date(2026, 1, 1), "in_force"), (date(2026, 1, 2), "ended")],
)
def test_an_act_that_ends(make: SimpleNamespace, on: date, status: str) -> None:
    assert statuses(make, on, ISSUE, event("ended", date(2026, 1, 2))) == {"": status}


def test_a_suspension_without_a_stated_end_goes_on(make: SimpleNamespace) -> None:
    found = measure_status(make.table(MEASURE, [ISSUE, event("suspended", FROM)]), date(2030, 1, 1))
    (row,) = found.to_pyarrow().to_pylist()
    assert (row["status"], row["suspended_until"], row["suspended_from"]) == ("suspended", None, FROM)


def test_of_two_suspensions_the_last_one_begun_counts(make: SimpleNamespace) -> None:
    again = event("suspended", date(2026, 11, 10), until=date(2027, 11, 10), by="90")
    found = measure_status(make.table(MEASURE, [again, ISSUE, SUSPENDED]), date(2026, 12, 1))
    (row,) = found.to_pyarrow().to_pylist()
    assert (row["status"], row["suspended_by"], row["hs_codes"]) == ("suspended", "90", ["0102"])


def test_limbs_stand_each_for_itself(make: SimpleNamespace) -> None:
    other = event("issued", ISSUED, limb="b", effective=date(2025, 12, 1))
    assert statuses(make, date(2025, 11, 20), ISSUE, other) == {"": "in_force", "b": "not_yet_effective"}


def test_without_an_effective_date_the_status_is_unknown(make: SimpleNamespace) -> None:
    assert statuses(make, date(2026, 1, 1), event("issued", ISSUED)) == {"": "unknown"}


def test_an_end_before_the_last_issue_does_not_end_it(make: SimpleNamespace) -> None:
    ended = event("ended", date(2025, 1, 1))
    assert statuses(make, date(2025, 12, 1), ended, ISSUE) == {"": "in_force"}
