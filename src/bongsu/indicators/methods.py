"""The dependence methods side by side: what each asks for, and all of them from one pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import ibis

from bongsu.indicators import arjona2023, ec2021, geodep, korea, productivity
from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.hold import Hold, as_it_is
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
        headline: what its publication found.
        window: years that the method looks at, the one asked for and those before it.
        needed: in how many of them the criteria must hold together.
    """

    id: str
    name: Text
    indicator: Indicator
    criteria: tuple[Criterion, ...]
    headline: Text
    window: int = 1
    needed: int = 1


_OTHER_NAMES: Mapping[str, str] = MappingProxyType({"korean": "korea", "ec": "ec2021"})


@cache
def methods() -> Mapping[str, Method]:
    """All methods by id, in the order in which they are shown."""
    return {one.id: one for one in _listed()}


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
    given: Ground | None = None,
    hold: Hold = as_it_is,
    arguments: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> dict[str, ibis.Table]:
    """Each method's rows, all from one pass over the flows.

    Args:
        flows: `trade_flow` rows of imports and exports, of the reporters asked for and, for the world's exports, of
            all others that there are.
        wanted: ids of methods; none means all.
        given: `ground(flows)`, where the caller has it already.
        hold: see `ground`; without it each method runs the pass again. From the lake:
            `snapshot.engine.hold`.
        arguments: by method, what it takes beside the flows (`productivity`: `essential`).

    Returns:
        by method: `KEY`, the criteria's columns and `dependent` (true, false, or null: cannot be told).
    """
    base = given or ground(flows, hold=hold)
    chosen = [method(name) for name in wanted] or list(methods().values())
    return {one.id: one.indicator.compute(flows, given=base, **arguments.get(one.id, {})) for one in chosen}


def _over(column: str, threshold: float, ko: str, en: str, verdict: str = "") -> Criterion:
    return Criterion(verdict or f"{column}_over", column, threshold, Text(ko, en))


_CDI = (
    _over(
        "cdi1",
        ec2021.CONCENTRATED,
        "역외 수입의 집중도(HHI) 0.4 초과",
        "concentration (HHI) of imports from outside > 0.4",
    ),
    _over("cdi2", ec2021.OUTSIDE, "수입 가운데 역외 비중 50% 초과", "more than 50 % of imports from outside"),
    _over("cdi3", ec2021.BEYOND_EXPORTS, "역외 수입이 수출보다 많음", "imports from outside larger than exports"),
)


def _listed() -> tuple[Method, ...]:
    return (
        Method(
            id="ec2021",
            name=Text("유럽연합 집행위원회(2021)", "European Commission (2021)"),
            indicator=ec2021.INDICATOR,
            criteria=_CDI,
            headline=Text(
                "유럽연합: 5,200개 품목 가운데 137개(민감 산업 생태계)",
                "European Union: 137 of 5,200 products, in sensitive ecosystems",
            ),
        ),
        Method(
            id="arjona2023",
            name=Text("아르호나·코널·헤르겔레지우(2023)", "Arjona, Connell and Herghelegiu (2023)"),
            indicator=arjona2023.INDICATOR,
            criteria=_CDI,
            window=arjona2023.WINDOW,
            needed=arjona2023.NEEDED,
            headline=Text(
                "유럽연합: 204개 품목(민감 산업 생태계, 2017–2020년)",
                "European Union: 204 products, in sensitive ecosystems, 2017 to 2020",
            ),
        ),
        Method(
            id="geodep",
            name=Text("CEPII GeoDep(2024)", "CEPII GeoDep (2024)"),
            indicator=geodep.INDICATOR,
            criteria=(
                _over("hhi", geodep.CONCENTRATED, "수입 집중도(HHI) 0.4 초과", "concentration (HHI) of imports > 0.4"),
                _over(
                    "world_hhi",
                    geodep.WORLD_CONCENTRATED,
                    "세계 수출 집중도(HHI) 0.4 초과",
                    "concentration (HHI) of the world's exports > 0.4",
                    "world_over",
                ),
                _over("ratio", geodep.BEYOND_EXPORTS, "수입이 수출보다 많음", "imports larger than exports"),
            ),
            window=geodep.WINDOW,
            needed=geodep.NEEDED,
            headline=Text(
                "모든 나라의 HS 6단위 수입 의존(2019–2022년)", "import dependence of every country by HS6, 2019 to 2022"
            ),
        ),
        Method(
            id="productivity",
            name=Text("호주 생산성위원회(2021)", "Productivity Commission, Australia (2021)"),
            indicator=productivity.INDICATOR,
            criteria=(
                _over(
                    "top_share",
                    productivity.ONE_SOURCE,
                    "한 나라에서 80% 초과",
                    "more than 80 % from one country",
                    "concentrated",
                ),
                _over(
                    "world_top_share",
                    productivity.DOMINANT,
                    "그 나라가 세계 수출의 절반 초과",
                    "that country has more than half of the world's exports",
                    "dominant",
                ),
                Criterion("essential", "", None, Text("필수 용도", "essential use")),
            ),
            headline=Text(
                "호주: 수입 품목 다섯에 하나가 집중, 스물에 하나가 취약",
                "Australia: 1 imported product in 5 concentrated, 1 in 20 vulnerable",
            ),
        ),
        Method(
            id="korea",
            name=Text("한국 실무", "Korean practice"),
            indicator=korea.INDICATOR,
            criteria=(
                _over("top_share", korea.HALF, "한 나라에서 50% 이상", "50 % or more from one country", "half"),
                Criterion(
                    "above_floor", "imports", None, Text("수입액이 기준 금액 이상", "imports at or above the floor")
                ),
            ),
            headline=Text(
                "한국: 50% 이상 의존 약 4,000개(2021년), 75% 이상이고 1천만 달러 이상 636개(2022년 상반기)",
                "Korea: about 4,000 items at 50 % or more (2021); 636 at 75 % or more and USD 10 m (first half of 2022)",
            ),
        ),
    )


__all__ = ["KEY", "Criterion", "Method", "assessed", "method", "methods"]
