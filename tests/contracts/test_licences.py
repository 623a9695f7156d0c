"""What ships with Bongsu may be used by any ministry: no dependency asks that its users' own code be published.

The names come from the installed distributions: Bongsu's own requirements, and theirs, for the platform at hand.
"""

import re
from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement

# GPL and AGPL in any version; the LGPL too, as a single-file or frozen build would have to be relinkable.
STRONG = re.compile(
    r"\b(A?GPL|LGPL|GNU (Affero |Lesser |Library )?General Public|SSPL|BUSL|Commons Clause)", re.IGNORECASE
)


def shipped(
    name: str, extras: frozenset[str] = frozenset(), seen: dict[str, Distribution] | None = None
) -> dict[str, Distribution]:
    """Distributions that installing `name` brings, by name, itself included."""
    found = {} if seen is None else seen
    key = re.sub(r"[-_.]+", "-", name).lower()
    dist = found.setdefault(key, distribution(name))
    for line in dist.requires or ():
        need = Requirement(line)
        wanted = need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
        if wanted and re.sub(r"[-_.]+", "-", need.name).lower() not in found:
            shipped(need.name, frozenset(need.extras), found)
    return found


def licence(dist: Distribution) -> str:
    """What a distribution says of its licence: the expression, else its classifiers, else its text's first line."""
    said = dist.metadata
    classifiers = [line for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    text = (said.get("License") or "").strip().partition("\n")[0]
    return said.get("License-Expression") or "; ".join(classifiers) or text


# The extra `postgres` is left out: its driver is LGPL, and an installation chooses it (docs/decisions/0011).
SHIPPED = shipped("bongsu", frozenset({"floor"}))


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_dependency_states_a_licence_that_a_ministry_can_build_on(name: str) -> None:
    said = licence(SHIPPED[name])
    assert said
    assert STRONG.search(said) is None


def test_the_walk_reaches_what_the_dependencies_need_themselves() -> None:
    assert {"bongsu", "duckdb", "httpx", "anyio", "sqlglot", "django", "django-allauth", "fido2"} - set(
        SHIPPED
    ) == set()


@pytest.mark.parametrize(
    "said",
    [
        "GPL-3.0-or-later",
        "AGPL-3.0",
        "LGPLv2+",
        "License :: OSI Approved :: GNU General Public License v2 (GPLv2)",
        "SSPL-1.0",
    ],
)
def test_a_licence_that_binds_its_users_is_recognised(said: str) -> None:
    assert STRONG.search(said)
