"""Every operation against what its own schema allows and forbids: nothing is found (schemathesis, all its checks)."""

import functools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from bongsu.api.app import api

pytestmark = pytest.mark.django_db

EXAMPLES = 6  # of each operation, in each mode
NOT_SENT = {"attach_file": ("missing",)}  # schemathesis sends a file without its name, and so as no file
# Refusals that hang on what stands in the database, not on the shape of what was sent.
BY_STATE = ["2xx", "401", "403", "404", "409", "412", "422"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": BY_STATE}}}


@pytest.fixture(autouse=True)
def kept_open() -> Iterator[None]:
    """The test's own connection outlives a request, as under Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@functools.cache
def _schema() -> Any:  # noqa: ANN401 - schemathesis' own
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)


def _operations() -> dict[str, list[str]]:
    """The names of the operations, by resource."""
    found: dict[str, list[str]] = {}
    for item in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].values():
        for one in item.values():
            found.setdefault(one["tags"][0], []).append(one["operationId"])
    return found


OPERATIONS = _operations()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as told", "against"])
@pytest.mark.parametrize("resource", list(OPERATIONS))
def test_nothing_is_found(resource: str, mode: GenerationMode, tokens: dict[str, str], world: SimpleNamespace) -> None:
    wrong = {name: found for name in OPERATIONS[resource] if (found := _found(name, mode, tokens, world.ids))}
    assert not wrong, "\n\n".join(f"{name}: {found}" for name, found in wrong.items())


def _found(name: str, mode: GenerationMode, tokens: dict[str, str], ids: dict[str, Any]) -> str:
    """What schemathesis finds in an operation."""
    cases = _schema().find_operation_by_id(name).as_strategy(generation_mode=mode)

    @seed(20211015)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, role=st.sampled_from(sorted(tokens)), real=st.booleans())
    def run(case: schemathesis.Case, role: str, *, real: bool) -> None:
        if mode is GenerationMode.POSITIVE and real:
            case.path_parameters.update({name: _plain(ids[name]) for name in case.path_parameters})
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {tokens[role]}"})
        if mode is GenerationMode.POSITIVE and answer.status_code == 422:
            # An action may refuse what it was told; the schema may not refuse what the schema allows.
            kinds = {one.get("kind", "out_of_range") for one in answer.json().get("errors", [])}
            assert kinds <= {"out_of_range", *NOT_SENT.get(name, ())}, answer.json()

    try:
        run()
    except (AssertionError, Exception) as error:  # noqa: BLE001 - every operation is tried
        return f"{error!r} {error}"
    return ""


def _plain(value: object) -> object:
    return value if isinstance(value, int) else str(value)
