"""The lease of what runs by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from bongsu.alerts import jobs
from bongsu.alerts.models import Job
from bongsu.language import Text

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_job_is_one_workers_until_it_gives_it_back() -> None:
    lease = jobs.claim("watch", "a", NOW)
    assert lease == jobs.Lease("watch", "a")
    assert jobs.claim("watch", "b", NOW) is None
    assert jobs.end(lease, NOW, again=NOW + SECOND)
    assert jobs.claim("watch", "b", NOW) == jobs.Lease("watch", "b")


def test_a_lease_that_nobody_renews_lapses_and_its_old_holder_can_do_nothing_for_it_any_more() -> None:
    old = jobs.claim("watch", "a", NOW)
    assert old is not None
    later = NOW + jobs.LAPSES
    assert jobs.claim("watch", "b", later - SECOND) is None
    assert jobs.claim("watch", "b", later) is not None
    assert not jobs.renew(old, later)
    assert not jobs.end(old, later, again=later)
    with pytest.raises(jobs.LeaseLostError), jobs.held(old):
        raise AssertionError("nothing is written for a lost lease")


def test_a_renewed_lease_stands() -> None:
    lease = jobs.claim("watch", "a", NOW)
    assert lease is not None
    assert jobs.renew(lease, NOW + 20 * SECOND)
    assert jobs.claim("watch", "b", NOW + 40 * SECOND) is None
    with jobs.held(lease):
        assert Job.objects.get().holder == "a"


def test_its_own_holder_takes_up_again_what_the_database_cut_short() -> None:
    assert jobs.claim("watch", "a", NOW) == jobs.claim("watch", "a", NOW)


def test_a_lease_from_a_clock_that_ran_ahead_keeps_nobody_out() -> None:
    jobs.claim("watch", "a", NOW + timedelta(days=400))
    assert jobs.claim("watch", "b", NOW) is not None


def test_only_what_is_due_and_free_is_offered_the_longest_overdue_first() -> None:
    jobs.add(("anchor", "escalate", "watch"), NOW)
    lease = jobs.claim("watch", "a", NOW)
    other = jobs.claim("anchor", "a", NOW)
    assert lease is not None
    assert other is not None
    jobs.end(other, NOW, again=NOW - SECOND)
    every = ("anchor", "escalate", "watch")
    assert jobs.due(every, "b", NOW) == ["anchor", "escalate"]
    assert jobs.due(("escalate",), "b", NOW) == ["escalate"]
    assert jobs.due(every, "b", NOW - timedelta(hours=1)) == []
    jobs.add(every, NOW)  # known ones stay as they are
    assert [(one.name, one.holder) for one in jobs.standing()] == [("anchor", ""), ("escalate", ""), ("watch", "a")]


@pytest.mark.parametrize("done", [True, False])
def test_the_end_of_a_job_says_when_it_runs_again_and_what_went_wrong(*, done: bool) -> None:
    lease = jobs.claim("watch", "a", NOW)
    assert lease is not None
    jobs.end(lease, NOW, again=NOW + SECOND, said=[Text("안 됨", "it failed")], done=done)
    job = Job.objects.get()
    assert (job.due_at, job.until, job.said) == (NOW + SECOND, None, [{"ko": "안 됨", "en": "it failed"}])
    assert job.finished_at == (NOW if done else None)
