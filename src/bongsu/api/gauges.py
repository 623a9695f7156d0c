"""What stands in the database, as gauges: alerts by state and level, the watch's age, what waits."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, QuerySet
from prometheus_client.core import Metric

from bongsu.alerts.jobs import standing
from bongsu.alerts.queries import alerts
from bongsu.alerts.turns import last_turn
from bongsu.api.metrics import gauge
from bongsu.people.reader import Reader, task
from bongsu.responses.queries import unpublished

Values = dict[tuple[str, ...], float]


def gauges(at: datetime) -> Iterator[Metric]:
    """Every gauge, as of `at`."""
    reader = task(at).reader
    yield gauge("bongsu_alerts", "Alerts by state and level.", _alerts(reader), ("state", "level"))
    turn = last_turn(reader)
    last = turn.last.finished_at if turn and turn.last else None
    ages: Values = {(): (at - last).total_seconds()} if last else {}
    yield gauge("bongsu_watch_age_seconds", "Since the last whole turn of the watch; absent: it has not looked.", ages)
    late: Values = {(job.name,): max(0.0, (at - job.due_at).total_seconds()) for job in standing()}
    yield gauge("bongsu_job_late_seconds", "How long a job has been due.", late, ("job",))
    waiting: Values = {("statements",): float(len(unpublished(reader)))}
    yield gauge("bongsu_waiting", "What waits to be sent on.", waiting, ("what",))


def _alerts(reader: Reader) -> Values:
    rows = alerts(reader)
    if not isinstance(rows, QuerySet):
        return {}
    counted = rows.order_by().values_list("state", "level").annotate(number=Count("pk"))
    return {(state, "" if level is None else str(level)): number for state, level, number in counted}
