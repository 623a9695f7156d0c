"""`bongsu floor`, `audit` and `up`: what they make, check and say."""

import json
import runpy
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from bongsu.alerts.models import Alert
from bongsu.cli import up, work
from bongsu.cli.floor import make_keys
from bongsu.cli.session import Session, session
from bongsu.people.audit import write_line
from bongsu.people.models import AuditLine
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

Bongsu = Callable[..., Any]
POSIX = sys.platform != "win32"


NOW = "2026-11-22T03:00:00+00:00"


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A worker's session, its clock standing still."""
    monkeypatch.setenv("BONGSU_NOW", NOW)
    return session(lang="en", lake=settings.LAKE, home="KOR")


@pytest.fixture
def on_floor(on_sample: Bongsu, settings: Settings) -> Bongsu:
    """`bongsu …` with this test's floor and the sample lake."""
    return lambda *words, **facts: on_sample(*words, BONGSU_FLOOR=str(settings.FLOOR), **facts)


def test_keys_are_made_once_and_for_their_owner_only(on_floor: Bongsu, settings: Settings) -> None:
    made = on_floor("floor", "init", "--json")
    assert made.json == {"floor": str(settings.FLOOR), "keys_made": True}
    file = settings.FLOOR / "keys.json"
    kept = file.read_bytes()
    if POSIX:
        assert [stat.S_IMODE(path.stat().st_mode) for path in (settings.FLOOR, file)] == [0o700, 0o600]
    keys = json.loads(kept)
    assert sorted(keys) == ["audit", "secret"]
    assert len({*keys.values()}) == 2
    again = on_floor("floor", "init")
    assert (again.code, file.read_bytes()) == (0, kept)
    assert "the keys are there already" in again.out
    assert keys["audit"] not in made.out + again.out


LACKING = [
    ("AUDIT_KEY", b"no-key-yet-run-bongsu-floor-init"),
    ("AUDIT_KEY", b"x" * 15),
    ("SECRET_KEY", "no-key-yet-run-bongsu-floor-init"),
    ("SECRET_KEY", "x" * 15),
]


@pytest.mark.parametrize(("name", "key"), LACKING)
@pytest.mark.parametrize("door", ["wsgi", "asgi"])
def test_without_keys_no_server_has_a_door(settings: Settings, door: str, name: str, key: Any) -> None:  # noqa: ANN401 - text or bytes
    assert callable(runpy.run_module(f"bongsu.{door}")["application"])
    setattr(settings, name, key)
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: "):
        runpy.run_module(f"bongsu.{door}")


@pytest.mark.parametrize(("name", "key"), LACKING)
def test_without_keys_nothing_opens(on_floor: Bongsu, settings: Settings, name: str, key: Any) -> None:  # noqa: ANN401 - text or bytes
    setattr(settings, name, key)
    for verb in (("floor", "once"), ("floor", "migrate"), ("audit", "verify"), ("backup", "x.zip")):
        ended = on_floor(*verb)
        assert (ended.code, ended.out) == (2, "")
        assert "bongsu floor init" in ended.err


def test_without_the_extra_its_name_is_said(on_floor: Bongsu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "django", None)
    ended = on_floor("floor", "once")
    assert (ended.code, ended.err.count("bongsu[floor]")) == (2, 1)


def test_tables_that_stand_need_no_step(on_floor: Bongsu) -> None:
    assert on_floor("floor", "migrate", "--json").json == {"applied": []}
    assert "0" in on_floor("floor", "migrate", lang="ko").out


def test_once_raises_what_the_sample_shows_and_twice_changes_nothing(on_floor: Bongsu) -> None:
    first = on_floor("floor", "once", "--no-fetch", "--json")
    assert first.code == 0
    counts = first.json["counts"]
    assert counts["raised"] == Alert.objects.count() > 10
    lines = AuditLine.objects.count()
    again = on_floor("floor", "once", "--no-fetch", now="2026-11-22T03:00:30+00:00", lang="ko")
    assert again.code == 0
    assert f"그대로 {counts['raised']}" in again.out
    assert AuditLine.objects.count() == lines


def test_once_leaves_the_watch_to_a_worker_that_is_at_it(on_floor: Bongsu) -> None:
    from bongsu.alerts import jobs  # noqa: PLC0415 - beside its only use

    jobs.claim("watch", "another", datetime(2026, 11, 22, 3, tzinfo=UTC))
    ended = on_floor("floor", "once", "--no-fetch")
    assert (ended.code, ended.err) == (1, "a worker is watching just now. Try again in a moment.\n")


def test_an_audit_trail_is_verified_and_anchored(
    on_floor: Bongsu, person: Callable[..., Any], acting: Callable[..., Any], settings: Settings
) -> None:
    by = acting(person(Role.CENTRE))
    for number in range(3):
        write_line(by, "test.done", "test", number)
    assert on_floor("audit", "anchor", "--json").json == {"anchors": str(settings.ANCHORS)}
    assert "The last line is noted" in on_floor("audit", "anchor").out
    assert on_floor("audit", "verify", "--json").json == {"whole": True, "lines": 3, "faults": []}
    assert on_floor("audit", "verify").out == "3 lines, all whole.\n"
    with settings.ANCHORS.open("ab") as stream:
        stream.write(b'{"number":2')
    torn = "The last anchor was cut off while it was written, as a power cut does; the next one begins a new line.\n"
    assert on_floor("audit", "verify").out == f"3 lines, all whole.\n{torn}"
    AuditLine._base_manager.filter(seq=2).update(why="고침")
    ended = on_floor("audit", "verify")
    assert (ended.code, ended.out) == (3, f"2: it is not as it was written.\n3 lines, 1 faults.\n{torn}")
    found = on_floor("audit", "verify", "--json")
    assert (found.code, [fault["seq"] for fault in found.json["faults"]]) == (3, [2])


def test_the_check_names_what_is_not_fit(
    on_floor: Bongsu, here: Session, settings: Settings, person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    def states() -> dict[str, str]:
        return {one["check"]: one["state"] for one in on_floor("floor", "check", "--json").json}

    (settings.FLOOR).chmod(0o700)
    assert states()["keys"] == "bad"
    make_keys(settings.FLOOR)
    good = dict.fromkeys(("floor", "keys", "opened", "database", "tables", "trail"), "good")
    assert states() == {**good, "worker": "warning"}
    stop = work.Stop()
    write_line(acting(person(Role.CENTRE)), "test.done", "test")
    duties = work.short_duties(here)
    assert sorted(duties) == ["anchor", "escalate", "responses", "tidy"]
    work._look({name: duties[name] for name in ("anchor", "escalate")}, here, stop)
    assert settings.ANCHORS.is_file()
    assert states() == {**good, "worker": "good"}
    settings.ANCHORS.write_bytes(b"")
    assert states()["trail"] == "bad"
    assert on_floor("floor", "check").code == 1


def test_a_job_that_fails_is_logged_without_its_words_and_tried_again_soon(
    here: Session, caplog: pytest.LogCaptureFixture
) -> None:
    from bongsu.alerts.models import Job  # noqa: PLC0415 - beside its only use

    def fails(_lease: object) -> Any:  # noqa: ANN401 - it never returns
        raise ValueError("010-1234-5678")

    work._look({"watch": work.Duty(work.SOON * 30, fails)}, here, work.Stop())
    job = Job.objects.get()
    assert (job.holder, job.finished_at) == ("", None)
    assert job.said == [{"ko": "봉수의 오류(ValueError)", "en": "a fault of ours (ValueError)"}]
    assert "watch failed" in caplog.text


def test_a_dead_neighbours_lease_is_not_waited_for(here: Session) -> None:
    import platform  # noqa: PLC0415 - beside its only use

    from bongsu.alerts import jobs  # noqa: PLC0415 - likewise

    done: list[object] = []
    dead, far = f"x@{platform.node()[:40]}:99999999", "x@elsewhere:99999999"
    jobs.claim("watch", dead, here.now)
    jobs.claim("other", far, here.now)

    def do(lease: object) -> list[Any]:
        done.append(lease)
        return []

    duty = work.Duty(work.SOON, do)
    work._look({"watch": duty, "other": duty}, here, work.Stop())
    assert [one.name for one in done] == ["watch"]  # type: ignore[attr-defined] # leases


def test_the_first_users_link_is_there_until_there_is_a_user(
    here: Session, settings: Settings, person: Callable[..., Any]
) -> None:
    link = up.first_user_link(here, settings.FLOOR, "http://127.0.0.1:8000/")
    assert link is not None
    token = link.removeprefix("http://127.0.0.1:8000/first/").rstrip("/")
    assert len(token) > 40
    kept = (settings.FLOOR / "first-user.json").read_text(encoding="utf-8")
    assert token not in kept
    person(Role.ADMINISTRATOR)
    assert up.first_user_link(here, settings.FLOOR, "http://127.0.0.1:8000/") is None
    assert not (settings.FLOOR / "first-user.json").exists()


def test_the_link_is_given_for_the_address_of_the_ministry(on_floor: Bongsu, person: Callable[..., Any]) -> None:
    told = on_floor("floor", "first", "--address", "https://bongsu.example/", "--json")
    assert told.json["link"].startswith("https://bongsu.example/first/")
    assert "https://bongsu.example/first/" in on_floor("floor", "first", "--address", "https://bongsu.example").out
    person(Role.ADMINISTRATOR)
    assert on_floor("floor", "first", "--json").json == {"link": None}
    assert on_floor("floor", "first").out == "There are users already.\n"


def test_a_part_that_falls_is_begun_again_and_one_that_never_comes_up_is_said(tmp_path: Path) -> None:
    part = up.Part("web", ["--no-such-option"])
    log = tmp_path / "bongsu.log"
    part.start({"BONGSU_LAKE": str(tmp_path), "PATH": ""}, log)
    for _ in range(up.MOST_FALLS - 1):
        assert part.process is not None
        part.process.wait()
        up._look_after(part, {"PATH": ""}, log)
    assert part.process is not None
    part.process.wait()
    with pytest.raises(up.BongsuError, match="'web' does not come up") as raised:
        up._look_after(part, {"PATH": ""}, log)
    part.end()
    assert raised.value.where == str(log)
    assert "--no-such-option" in log.read_text(encoding="utf-8")
