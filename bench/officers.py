"""200 officers triage the same 1,000 alerts, on PostgreSQL, with real web processes on this machine's own cores.

    python bench/officers.py [--officers 200] [--alerts 1000] [--seconds 60] [--think 5] [--workers 2] [--threads 8]
                             [--database postgres://postgres@127.0.0.1:5432/bongsu_bench] [--seed 7]

Each officer has a token and waits `--think` seconds on average before each request, as one who reads does: a page of the
list, one alert of it, and then the next step of its life, naming the version that was seen. Afterwards the database is
asked: every step that was answered with success stands as one event and no other does (no update lost), no alert was
issued twice, and each alert's row is what its events fold to. Prints one line of JSON; exit code 1 where anything is off.
The database is dropped and made anew.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg

NEXT = {"raised": "triage", "triaged": "issue", "issued": "close"}
STALE = 409
PAGE = 50


@dataclass
class Seen:
    """What the officers met."""

    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    done: list[tuple[str, int, str]] = field(default_factory=list)  # alert, version, step


def main() -> int:
    """Run it."""
    asked = _asked()
    _anew(asked.database)
    with tempfile.TemporaryDirectory(prefix="bongsu-officers-") as folder:
        env = {
            **os.environ,
            "BONGSU_DATABASE_URL": asked.database,
            "BONGSU_FLOOR": f"{folder}/floor",
            "BONGSU_LAKE": f"{folder}/lake",
        }
        env.pop("BONGSU_TEST_DATABASE_URL", None)
        os.environ.update(env)
        for verb in ("init", "migrate"):
            subprocess.run([*_bongsu(verb)], check=True, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
        tokens = _filled(asked.officers, asked.alerts)
        with _web(env, asked.workers, asked.threads) as port:
            seen = asyncio.run(_load(port, tokens, asked))
        found = _judged(seen)
    result = {**_figures(seen, asked), **found}
    print(json.dumps(result))
    return int(any(found.values()) or result["failed"] > 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--officers", type=int, default=200)
    parser.add_argument("--alerts", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/bongsu_bench")
    return parser.parse_args()


# ---- the floor


def _anew(database: str) -> None:
    server, _, name = database.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]


def _bongsu(verb: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "bongsu.cli", "floor", verb, *words]


def _filled(officers: int, alerts: int) -> list[str]:
    """Officers with their tokens, and alerts to triage."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bongsu.settings"
    import django  # noqa: PLC0415 - once the environment says where

    django.setup()
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: PLC0415 - likewise

    from bongsu.alerts.actions import raise_alert  # noqa: PLC0415 - likewise
    from bongsu.people.actions import make_token  # noqa: PLC0415 - likewise
    from bongsu.people.markings import Grade, Tlp  # noqa: PLC0415 - likewise
    from bongsu.people.models import User  # noqa: PLC0415 - likewise
    from bongsu.people.reader import Actor, task  # noqa: PLC0415 - likewise

    now = datetime.now(UTC)
    facts = {"role": "centre", "grade": Grade.S, "tlp": Tlp.RED, "joined_at": now, "password": "!"}
    people = [User(username=f"officer{n}", name=f"officer {n}", **facts) for n in range(officers)]
    User.objects.bulk_create(people)
    for number in range(alerts):
        warning = {"subject": f"item{number}", "level": 2 + number % 4, "reasons": [{"ko": "시험", "en": "a test"}]}
        raise_alert(by=task(now), warning=warning, level=2 + number % 4, grade=Grade.O, tlp=Tlp.GREEN, concerns=())
    secrets = []
    for person in people:
        TOTP.activate(person, generate_totp_secret())  # without one their tokens open nothing
        by = Actor(reader=person.reader, at=now, via="cli")
        secrets.append(
            make_token(by=by, label="bench", scopes=("read", "write"), expires_at=now + timedelta(days=1))[1]
        )
    return secrets


@contextmanager
def _web(env: Mapping[str, str], workers: int, threads: int) -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    words = _bongsu("web", "--port", str(port), "--workers", str(workers), "--threads", str(threads))
    process = subprocess.Popen(words, env=dict(env), stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        _until_ready(port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _until_ready(port: int) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the web never came up")


# ---- the officers


async def _load(port: int, tokens: Sequence[str], asked: argparse.Namespace) -> Seen:
    seen = Seen()
    until = time.monotonic() + asked.seconds
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", limits=limits, timeout=60) as client:
        await asyncio.gather(
            *(
                _officer(client, token, random.Random(asked.seed * 1000 + n), asked, until, seen)  # noqa: S311 - no secret
                for n, token in enumerate(tokens)
            )
        )
    return seen


async def _officer(
    client: httpx.AsyncClient, token: str, chance: random.Random, asked: argparse.Namespace, until: float, seen: Seen
) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    async def ask(kind: str, method: str, path: str, **facts: Any) -> httpx.Response | None:  # noqa: ANN401 - httpx's
        await asyncio.sleep(chance.uniform(0.5, 1.5) * asked.think)
        if time.monotonic() > until:
            return None
        began = time.perf_counter()
        answer = await client.request(method, path, headers={**headers, **facts.pop("headers", {})}, **facts)
        seen.took[kind].append(time.perf_counter() - began)
        seen.statuses[answer.status_code] += 1
        return answer

    await asyncio.sleep(chance.uniform(0, asked.think))
    while True:
        listed = await ask("list", "GET", "/alerts", params={"state": "open", "limit": PAGE})
        if listed is None:
            return
        rows = listed.json().get("items") or []
        if not rows:
            continue
        shown = await ask("read", "GET", f"/alerts/{chance.choice(rows)['id']}")
        if shown is None:
            return
        await _step(ask, shown, seen)


async def _step(ask: Any, shown: httpx.Response, seen: Seen) -> None:  # noqa: ANN401 - the officer's own way to ask
    alert = shown.json()
    step = NEXT.get(alert.get("state", ""))
    if step is None:
        return
    path = f"/alerts/{alert['id']}/steps/{step}"
    done = await ask("step", "POST", path, json={"why": "확인함"}, headers={"If-Match": shown.headers["ETag"]})
    if done is not None and done.status_code == httpx.codes.OK:
        seen.done.append((alert["id"], done.json()["version"], step))


# ---- what came of it


def _judged(seen: Seen) -> dict[str, int]:
    """Nothing lost, nothing twice, every row as its events fold."""
    from bongsu.alerts.actions.acting import projection  # noqa: PLC0415 - once the environment says where
    from bongsu.alerts.fold import fold  # noqa: PLC0415 - likewise
    from bongsu.alerts.models import Alert, AlertEvent  # noqa: PLC0415 - likewise

    stand = {
        (str(alert), seq, kind)
        for alert, seq, kind in AlertEvent.objects.filter(kind__in=NEXT.values()).values_list("of_id", "seq", "kind")
    }
    issues = Counter(AlertEvent.objects.filter(kind="issue").values_list("of_id", flat=True))
    wrong = 0
    for row in Alert.objects.all():
        standing = fold(row.events.order_by("seq"))
        columns = projection(row.subject, standing) if standing else {}
        wrong += any(getattr(row, name) != value for name, value in columns.items())
    return {
        "lost_updates": len(set(seen.done) - stand) + len(seen.done) - len(set(seen.done)),
        "unasked_updates": len(stand - set(seen.done)),
        "double_issues": sum(number > 1 for number in issues.values()),
        "rows_off_their_events": wrong,
    }


def _figures(seen: Seen, asked: argparse.Namespace) -> dict[str, Any]:
    every = sorted(one for times in seen.took.values() for one in times)
    return {
        "officers": asked.officers,
        "alerts": asked.alerts,
        "requests": len(every),
        "per_second": round(len(every) / asked.seconds, 1),
        "p50_ms": _at(every, 0.5),
        "p95_ms": _at(every, 0.95),
        "p99_ms": _at(every, 0.99),
        "p95_ms_by": {kind: _at(sorted(times), 0.95) for kind, times in sorted(seen.took.items())},
        "steps": len(seen.done),
        "stale_refusals": seen.statuses[STALE] + seen.statuses[412],
        "failed": sum(number for status, number in seen.statuses.items() if status not in {200, STALE, 412}),
        "statuses": {str(status): number for status, number in sorted(seen.statuses.items())},
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def _at(times: Sequence[float], share: float) -> float:
    return round(1000 * times[min(len(times) - 1, int(share * len(times)))], 1) if times else 0.0


if __name__ == "__main__":
    sys.exit(main())
