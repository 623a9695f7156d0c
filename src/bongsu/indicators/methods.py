"""The dependence methods side by side: what each asks for, and all of them from one pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import ibis

from bongsu.indicators import ec2021
from bongsu.indicators.ground import KEY, Ground, Hold, ground
from bongsu.indicators.indicator import Indicator
from bongsu.language import Text, UsageError


@dataclass(frozen=True)
class Criterion:
    """One thing that a method asks of a code.

    Args:
        verdict: the column that says true, false, or null for "cannot be told".
        value: the column with the figure; "" where there is none.
        threshold: what the figure is held against; None where it is a yes or a no.
        text: the rule in words.
    """

    verdict: str
    value: str
    threshold: float | None
    text: Text


@dataclass(frozen=True)
class Method:
    """A dependence method: an indicator whose rows carry `KEY` and `dependent`.

    Args:
        id: what `--method` takes.
        name: what people call it.
        indicator: the indicator that computes it.
        criteria: what must hold, in the method's order.
        years: how many years, the last one asked for, must have been looked at.
        headline: what its publication found.
    """

    id: str
    name: Text
    indicator: Indicator
    criteria: tuple[Criterion, ...]
    years: int
    headline: Text


_OTHER_NAMES: Mapping[str, str] = MappingProxyType({"korean": "korea", "ec": "ec2021"})


@cache
def methods() -> Mapping[str, Method]:
    """All methods by id, in the order in which they are shown."""
    return {one.id: one for one in (_ec2021(),)}


def method(name: str) -> Method:
    """The method called `name`; UsageError names those there are."""
    try:
        return methods()[_OTHER_NAMES.get(name, name)]
    except KeyError:
        raise UsageError(
            Text(f"'{name}' 방법은 없습니다.", f"there is no method '{name}'."),
            where="--method",
            mend=Text(f"있는 방법: {', '.join(methods())}.", f"There are: {', '.join(methods())}."),
        ) from None


def assessed(
    flows: ibis.Table,
    wanted: Iterable[str] = (),
    *,
    hold: Hold = lambda table: table,
    arguments: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> dict[str, ibis.Table]:
    """Each method's rows, all from one pass over the flows.

    Args:
        flows: `trade_flow` rows of imports and exports of the reporters asked for and, for the world's exports, of all
            others that there are.
        wanted: ids of methods; none means all.
        hold: see `ground`.
        arguments: by method, what it takes beside the flows (`productivity`: `essential`).

    Returns:
        by method: `KEY`, the criteria's columns and `dependent` (true, false, or null: cannot be told).
    """
    base: Ground = ground(flows, hold=hold)
    chosen = [method(name) for name in wanted] or list(methods().values())
    return {one.id: one.indicator.compute(flows, given=base, **arguments.get(one.id, {})) for one in chosen}


def _ec2021() -> Method:
    return Method(
        id="ec2021",
        name=Text("유럽연합 집행위원회(2021)", "European Commission (2021)"),
        indicator=ec2021.INDICATOR,
        criteria=(
            Criterion(
                "cdi1_over",
                "cdi1",
                ec2021.CONCENTRATED,
                Text("역외 수입의 집중도(HHI)가 0.4를 넘는다", "Concentration (HHI) of imports from outside above 0.4"),
            ),
            Criterion(
                "cdi2_over",
                "cdi2",
                ec2021.OUTSIDE,
                Text("수입의 절반 넘게 역외에서 온다", "More than half of imports from outside"),
            ),
            Criterion(
                "cdi3_over",
                "cdi3",
                ec2021.BEYOND_EXPORTS,
                Text("역외 수입이 수출보다 많다", "Imports from outside larger than exports"),
            ),
        ),
        years=1,
        headline=Text(
            "유럽연합: 5,200개 품목 가운데 137개(민감 산업 생태계)",
            "European Union: 137 of 5,200 products, in sensitive ecosystems",
        ),
    )


__all__ = ["KEY", "Criterion", "Method", "assessed", "method", "methods"]
