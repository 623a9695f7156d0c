"""Every operation against what its own schema allows and forbids: nothing is found (schemathesis, all its checks)."""

import functools
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

pytestmark = pytest.mark.django_db

EXAMPLES = 12  # of each operation, in each mode
# Refusals that hang on what stands in the database, not on the shape of what was sent.
BY_STATE = ["2xx", "401", "403", "404", "409", "412", "422"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": BY_STATE}}}


@functools.cache
def _schema() -> Any:  # noqa: ANN401 - schemathesis' own
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)


def _operations() -> list[str]:
    from bongsu.api.app import api  # noqa: PLC0415 - after Django

    document = api.get_openapi_schema(path_prefix="/api/v1/")
    return sorted(one["operationId"] for item in document["paths"].values() for one in item.values())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as told", "against"])
@pytest.mark.parametrize("name", _operations())
def test_nothing_is_found(name: str, mode: GenerationMode, tokens: dict[str, str], ids: dict[str, list[Any]]) -> None:
    operation = _schema().find_operation_by_id(name)
    try:
        cases = operation.as_strategy(generation_mode=mode)
    except Exception as nothing:  # an operation that takes nothing has nothing to get wrong
        if "Impossible to generate negative" in str(nothing):
            return
        raise

    @seed(20211015)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, role=st.sampled_from(sorted(tokens)), data=st.data())
    def run(case: Any, role: str, data: Any) -> None:
        for parameter in case.path_parameters or {}:
            known = ids.get(parameter, [])
            if mode is GenerationMode.POSITIVE and known and data.draw(st.booleans()):
                case.path_parameters[parameter] = data.draw(st.sampled_from(known))
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {tokens[role]}"})
        if mode is GenerationMode.POSITIVE and answer.status_code == 422:
            # An action may refuse what it was told; the schema may not refuse what the schema allows.
            assert not [one for one in answer.json().get("errors", []) if "kind" in one], answer.json()

    run()
