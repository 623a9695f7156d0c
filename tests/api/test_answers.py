"""Who comes in, and how answers and refusals are told: problems, entity tags, scopes, languages, budgets."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from bongsu.alerts import releases
from bongsu.alerts.models import Alert
from bongsu.people.models import ApiToken, AuditLine
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
PROBLEM = {"type", "title", "status", "detail", "instance", "mend"}


def _problem(answer: HttpResponse, status: int, name: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert set(told) >= PROBLEM
    assert (told["status"], told["type"]) == (status, f"urn:bongsu:problem:{name}")
    assert all(told[name] for name in ("title", "detail", "mend"))
    return dict(told)


def test_refusals_are_problem_documents(
    calling: Callable[..., Client], person: Callable[..., Any], client: Client
) -> None:
    centre = calling(person(Role.CENTRE))
    _problem(client.get("/api/v1/me"), 401, "unknown-caller")
    _problem(centre.get("/api/v1/nowhere"), 404, "not-there")
    _problem(client.get("/api/v1/"), 404, "not-there")
    _problem(centre.put("/api/v1/me"), 405, "no-such-way")
    assert centre.put("/api/v1/me")["Allow"] == "GET"
    _problem(centre.get("/api/v1/me?colour=red"), 422, "invalid")
    _problem(centre.post("/api/v1/hand-overs", "x", content_type="text/plain"), 415, "wrong-media")
    _problem(centre.post("/api/v1/accounts", {"username": "x"}, content_type="application/json"), 422, "invalid")
    _problem(centre.get("/api/v1/me", headers={"host": "evil.example"}), 400, "unreadable")


def test_the_unexpected_is_ours_and_says_nothing_of_the_inside(
    calling: Callable[..., Client],
    person: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bongsu.people.queries.accounts", lambda _reader: 1 / 0)
    answer = calling(person(Role.CENTRE)).get("/api/v1/accounts")
    told = _problem(answer, 500, "our-fault")
    assert "division" not in str(told)
    assert answer["X-Request-ID"]


def test_a_refusal_is_said_in_the_language_of_the_caller(
    calling: Callable[..., Client], person: Callable[..., Any]
) -> None:
    korean, english = calling(person(Role.CENTRE)), calling(person(Role.CENTRE, language="en"))
    said = {
        ("ko", ""): "그런 계정이(가) 없습니다.",
        ("en", ""): "there is no such account.",
        ("ko", "en-GB,ko;q=0.5"): "there is no such account.",
        ("en", "ko"): "그런 계정이(가) 없습니다.",
        ("ko", "fr, de"): "그런 계정이(가) 없습니다.",
        ("en", "*"): "there is no such account.",
    }
    for (own, asked), detail in said.items():
        answer = {"ko": korean, "en": english}[own].get(
            "/api/v1/accounts/999", headers={"Accept-Language": asked} if asked else {}
        )
        assert answer.json()["detail"] == detail, (own, asked)


def test_a_token_opens_only_while_it_holds_and_only_what_its_scopes_name(
    calling: Callable[..., Client], people: dict[str, Any], settings: Settings
) -> None:
    reads, writes = calling(people["mission"], "read"), calling(people["mission"], "write")
    change = {
        "path": f"/api/v1/accounts/{people['mission'].pk}",
        "data": {"language": "en"},
        "content_type": "application/json",
    }
    assert reads.get("/api/v1/me").status_code == 200
    refused = reads.patch(**change)
    _problem(refused, 403, "denied")
    assert 'scope="write"' in refused["WWW-Authenticate"]
    assert writes.patch(**change).status_code == 200
    _problem(writes.get("/api/v1/me"), 403, "denied")
    token = ApiToken.objects.filter(owner=people["mission"]).order_by("pk").first()
    assert token
    settings.NOW = (token.expires_at - timedelta(seconds=1)).isoformat()
    assert reads.get("/api/v1/me").status_code == 200
    settings.NOW = token.expires_at.isoformat()
    _problem(reads.get("/api/v1/me"), 401, "unknown-caller")
    settings.NOW = token.made_at.isoformat()
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=token.made_at)
    _problem(reads.get("/api/v1/me"), 401, "unknown-caller")


@pytest.mark.parametrize(
    "told", ["Bearer", "Bearer ", "Basic eDp5", "Bearer bsu_short", "Bearer 봉수", "bsu_x", "Bearer  bsu_x y"]
)
def test_whoever_sends_no_token_of_ours_is_nobody(client: Client, told: str) -> None:
    _problem(
        client.get("/api/v1/me", headers={"Authorization": told.encode().decode("latin-1")}), 401, "unknown-caller"
    )


def test_a_shut_account_opens_nothing(calling: Callable[..., Client], people: dict[str, Any]) -> None:
    caller = calling(people["mission"])
    people["mission"].is_active = False
    people["mission"].save()
    _problem(caller.get("/api/v1/me"), 401, "unknown-caller")


def test_a_session_reads_and_changes_only_with_the_csrf_token(people: dict[str, Any]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["mission"])
    assert browser.get("/api/v1/me").json()["role"] == "mission"
    where, change = f"/api/v1/accounts/{people['mission'].pk}", '{"language": "en"}'
    _problem(browser.patch(where, change, content_type="application/json"), 403, "denied")
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.patch(where, change, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert answer.status_code == 200
    _problem(browser.get("/api/v1/me", headers={"Authorization": "Bearer nothing"}), 401, "unknown-caller")


def test_a_minute_has_its_budget(calling: Callable[..., Client], people: dict[str, Any], settings: Settings) -> None:
    settings.API_PER_MINUTE = 3
    settings.NOW = "2026-11-22T03:00:20+00:00"
    one, other = calling(people["centre"]), calling(people["duty"])
    assert [one.get("/api/v1/me").status_code for _ in range(3)] == [200, 200, 200]
    refused = one.get("/api/v1/me")
    _problem(refused, 429, "too-many")
    assert refused["Retry-After"] == "40"
    assert other.get("/api/v1/me").status_code == 200
    settings.NOW = "2026-11-22T03:01:00+00:00"
    assert one.get("/api/v1/me").status_code == 200


def test_guessing_tokens_has_its_budget_too(client: Client, settings: Settings) -> None:
    settings.API_PER_MINUTE = 2
    guess = {"Authorization": "Bearer bsu_guess"}
    assert [client.get("/api/v1/me", headers=guess).status_code for _ in range(3)] == [401, 401, 429]


def test_an_entry_is_not_sent_twice(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller, where = calling(world.people["centre"]), f"/api/v1/alerts/{world.ids['alert']}"
    first = caller.get(where)
    tag = first["ETag"]
    assert tag.startswith(f'"{first.json()["version"]}-')
    for told in (tag, f"W/{tag}", f'"other", {tag}'):
        again = caller.get(where, headers={"If-None-Match": told})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    caller.post(f"{where}/steps/note", {"text": "메모"}, content_type="application/json", headers={"If-Match": tag})
    assert caller.get(where, headers={"If-None-Match": tag}).status_code == 200
    head = caller.head(where)
    assert (head.status_code, head.content) == (200, b"")


def test_who_acts_says_which_version_they_saw(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller, where = calling(world.people["centre"]), f"/api/v1/alerts/{world.ids['alert']}"
    version = caller.get(where).json()["version"]

    def note(**headers: str) -> HttpResponse:
        return caller.post(f"{where}/steps/note", {"text": "메모"}, content_type="application/json", headers=headers)

    _problem(note(), 428, "version-needed")
    _problem(note(**{"If-Match": "*"}), 422, "invalid")
    _problem(note(**{"If-Match": f'"{version - 1}"'}), 412, "stale")
    done = note(**{"If-Match": f'"{version}"'})
    assert (done.status_code, done.json()["version"]) == (200, version + 1)
    assert note(**{"If-Match": done["ETag"]}).json()["version"] == version + 2
    assert Alert.objects.get(pk=world.ids["alert"]).version == version + 2


def test_an_entry_is_read_as_of_a_past_moment(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller, where = calling(world.people["centre"]), f"/api/v1/alerts/{world.ids['alert']}"
    assert caller.get(f"{where}?as_of=2026-11-22T03:00:00Z").json()["state"] == "issued"
    _problem(caller.get(f"{where}?as_of=2026-11-22T02:59:59Z"), 404, "not-there")
    assert caller.get("/api/v1/alerts?as_of=2026-11-22T02:59:59Z").json() == {"items": [], "next": None}


def test_a_company_reads_no_withdrawn_release_as_of_a_past_moment(
    calling: Callable[..., Client], world: SimpleNamespace
) -> None:
    caller, where = calling(world.people["company"]), f"/api/v1/releases/{world.ids['approved']}"
    assert caller.get(f"{where}?as_of=2026-11-22T03:00:00Z").status_code == 200
    releases.withdraw_release(by=world.by("centre", why="잘못 적음", minutes=5), release=world.ids["approved"])
    _problem(caller.get(f"{where}?as_of=2026-11-22T03:00:00Z"), 404, "not-there")
    assert caller.get("/api/v1/releases?as_of=2026-11-22T03:00:00Z").json()["items"] == []


def test_the_trail_says_from_where_and_believes_our_own_proxy_only(
    calling: Callable[..., Client], world: SimpleNamespace, settings: Settings
) -> None:
    caller, where = calling(world.people["centre"]), f"/api/v1/alerts/{world.ids['alert']}"
    told = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    caller.get(where, headers=told)
    settings.HTTPS = True
    caller.get(where, headers=told)
    caller.get(where, headers={"X-Forwarded-For": "nonsense"})
    addresses = AuditLine.objects.filter(act="alert.read").order_by("seq").values_list("address", flat=True)
    assert list(addresses) == ["127.0.0.1", "203.0.113.9", ""]


def test_reading_what_is_sensitive_is_noted(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller = calling(world.people["desk"])
    before = AuditLine.objects.count()
    caller.get(f"/api/v1/alerts/{world.ids['alert']}")
    caller.get(f"/api/v1/reports/{world.ids['filed']}")
    caller.get(f"/api/v1/alerts/{world.ids['other_alert']}")  # open: not sensitive
    caller.get("/api/v1/reports")
    lines = AuditLine.objects.order_by("seq")[before:]
    noted = [(line.act, line.ref, line.actor, line.via) for line in lines]
    me = world.people["desk"].pk
    assert noted == [
        ("alert.read", str(world.ids["alert"]), me, "api"),
        ("report.read", str(world.ids["filed"]), me, "api"),
    ]


def test_a_file_goes_in_and_comes_out_as_it_was(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller = calling(world.people["mission"])
    where = f"/api/v1/reports/{world.ids['report']}/attachments"
    made = caller.post(where, {"file": SimpleUploadedFile("근거.txt", "관보".encode())})
    assert made.status_code == 201
    got = caller.get(f"/api/v1/attachments/{made.json()['id']}")
    assert got.getvalue() == "관보".encode()
    assert got["Content-Disposition"].startswith("attachment;")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert sorted(one["name"] for one in caller.get(where).json()) == ["공고.txt", "근거.txt"]
    _problem(caller.post(where, {"file": SimpleUploadedFile("x.exe", b"MZ\x90\x00")}), 422, "invalid")


def test_the_schema_says_what_it_is(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert all(name.startswith("/api/v1/") for name in document["paths"])
    assert client.get("/api/v1/docs").status_code == 404
    secured = [one.get("security") for item in document["paths"].values() for one in item.values()]
    assert all(secured)


def test_every_operation_is_named_once(operations: list[SimpleNamespace]) -> None:
    names = [one.id for one in operations]
    assert len(names) == len(set(names))
