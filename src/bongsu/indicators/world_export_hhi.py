"""How concentrated the world's exports of a good are, and how much of the world that is."""

from ibis.expr.types import Table

from bongsu.indicators.ground import Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.verdict import over
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

CONCENTRATED = 0.4
KEY = ("code_system", "code", "valid")


def world_export_hhi(flows: Table, given: Ground | None = None) -> Table:
    """Concentration of the world's exporters by six-digit code and year.

    Args:
        flows: `trade_flow` rows of all reporters that there are.
        given: `ground(flows)`, where the caller has it already.

    Returns:
        `world.world_exports`, and `over`: is the index above 0.4, whatever the part of the world is that is not seen.
    """
    world = (given or ground(flows)).world
    return world.mutate(over=over(world.hhi_low, world.hhi_high, CONCENTRATED))


INDICATOR = Indicator(
    id="world_export_hhi",
    name=Text("세계 수출 집중도(HHI)", "Concentration of the world's exports (HHI)"),
    unit=Text("0–1", "0–1"),
    formula="Σ x_j² / (Σ x_j)² over exporters j; x_j = own report where whole, else max(own, Σ_i imports of i from j)",
    source="Lefebvre and Wibaux (2024), CEPII Policy Brief 47 (GeoDep), criterion 2 (threshold 0.4)",
    caveats=(
        Text(
            "기록 저장소에 있는 신고국만 봅니다. seen은 추정한 세계 수출 가운데 보이는 몫이며 절반에 못 미치면 지수를 내지 않습니다.",
            "Only the reporters in the lake are seen. `seen` is their part of the world's exports as estimated; with less "
            "than half of it there is no index.",
        ),
        Text(
            "스스로 신고하지 않은 수출국은 수입국의 기록으로 헤아립니다. 수입액에는 운임과 보험료가 들어 있어 조금 크게 잡힙니다.",
            "Exporters that do not report are counted from importers' records, which include freight and insurance.",
        ),
        Text(
            "미국 달러로 적힌 여섯 자리 품목만 셉니다. 유럽연합을 한 상대로 적은 몫은 어느 나라의 것도 아닌 것으로 둡니다.",
            "Six-digit codes in US dollars only. What is given for the European Union as one partner is nobody's.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=world_export_hhi,
    base=ground,
)
