"""Counts for Prometheus: requests by route and status in this process; alerts, cycle and outbox as they stand now."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

REGISTRY = CollectorRegistry(auto_describe=True)
REQUESTS = Counter("bongsu_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY)
SECONDS = Histogram(
    "bongsu_request_seconds",
    "How long answers took.",
    ("method", "route"),
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    registry=REGISTRY,
)


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


class Now:
    """What the database says now, as a collector."""

    def __init__(self, gauges: Iterable[Metric]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        return self._gauges


def gauge(name: str, help_text: str, values: Mapping[tuple[str, ...], float], labels: tuple[str, ...] = ()) -> Metric:
    """One gauge with its values by label."""
    family = GaugeMetricFamily(name, help_text, labels=labels)
    for told, value in values.items():
        family.add_metric(told, value)
    return family


def written(gauges: Iterable[Metric]) -> bytes:
    """This process's counts and the gauges, in Prometheus' text format."""
    now = CollectorRegistry()
    now.register(Now(gauges))
    return generate_latest(REGISTRY) + generate_latest(now)
