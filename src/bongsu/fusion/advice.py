"""What would raise or lower a warning, and what to do now."""

from collections.abc import Iterator, Sequence

from bongsu.detectors.dependence import Dependence
from bongsu.detectors.signal import LAYER_NAMES, RAISED, Layer, Signal, State
from bongsu.detectors.wording import country, day, josa
from bongsu.fusion.levels import CALM, CRITICAL, NOTICE, SEVERE, Picture
from bongsu.items.cover import Cover
from bongsu.language import Text
from bongsu.missions.shapes import Mission


def raise_if(level: int | None, seen: Picture, depends: Dependence | None) -> tuple[Text, ...]:
    """What would raise the level, by the table in `levels`."""
    return tuple(_raise_if(level, seen, depends))


def _raise_if(level: int | None, seen: Picture, depends: Dependence | None) -> Iterator[Text]:
    if level == CRITICAL:
        return
    if depends is None:
        yield Text(
            "한 나라에 절반 넘게 기대는 것이 확인되면 4거 이상으로 올릴 수 있다.",
            "Proof that half or more comes from one country would allow 4 fires or more.",
        )
    if not seen.decisive:
        who = country(depends.partner) if depends else Text("주된 공급국", "the main supplier")
        yield Text(
            f"{josa(who.ko, '이', '가')} 이 품목의 수출을 제한하는 조치를 내놓으면 올린다.",
            f"A measure by {who.en} that restricts exports of the item.",
        )
    if not seen.physical:
        yield Text(
            "통관 실적·통항이 크게 줄거나 공관이 선적 중단을 보고하면 올린다.",
            "A sharp fall in customs figures or transits, or a mission reporting that shipments stop.",
        )


def lower_if(level: int | None, signals: Sequence[Signal]) -> tuple[Text, ...]:
    """What would lower the level: each raised live layer going quiet."""
    if level is None or level == CALM:
        return ()
    raised = {s.layer for s in signals if s.state is State.LIVE and s.strength >= RAISED}
    return tuple(_QUIET[layer] for layer in Layer if layer in raised)


_QUIET = {
    Layer.MEASURE: Text(
        "조치가 풀리거나, 우리 물량에는 허가가 나온다는 것이 확인되면 내린다.",
        "The measure is lifted, or licences for our goods are shown to be granted.",
    ),
    Layer.MISSION_REPORT: Text("공관이 선적 재개를 보고하면 내린다.", "A mission reports that shipments resume."),
    Layer.TRANSIT: Text("통항이 평소 수준으로 돌아오면 내린다.", "Transits return to their usual number."),
    Layer.PRICE: Text("가격이상지수가 0.5 아래로 떨어지면 내린다.", "The price-anomaly index falls below 0.5."),
    Layer.INPUT_PRICE: Text(
        "원료의 가격이상지수가 0.5 아래로 떨어지면 내린다.", "The inputs' price-anomaly index falls below 0.5."
    ),
    Layer.MIRROR_FLOW: Text("상대국의 수출 통계가 회복되면 내린다.", "The supplier's exports to us recover."),
    Layer.OWN_CUSTOMS: Text("수입이 한 해 전의 절반을 넘기면 내린다.", "Imports exceed half of the year before."),
}


def next_step(
    level: int | None, signals: Sequence[Signal], missions: Sequence[Mission], cover: Cover | None, *, known: bool
) -> Text:
    """The one thing to do now; `known`: on whom the item depends."""
    live = any(signal.state is State.LIVE and signal.layer is not Layer.MEASURE for signal in signals)
    if level is None:
        return _fill(signals) if not live or known else _DEPENDENCE
    if level < NOTICE:
        return Text("정기 점검을 이어 간다.", "Keep to the regular check.")
    ask = missions[0].name if missions else Text("관할 공관", "the mission in charge")
    stock = _STOCK if cover is None or cover.stale else Text("", "")
    if level >= SEVERE:
        return Text(
            f"{ask.ko}에 오늘 안으로 선적·허가 상황을 확인요청하고 소관 부처에 알린다.{stock.ko}",
            f"Ask {_the(ask.en)} today how shipments and licences stand, and tell the ministries in charge.{stock.en}",
        )
    return Text(
        f"{ask.ko}에 수출 동향을 확인요청한다.{stock.ko}",
        f"Ask {_the(ask.en)} how exports stand.{stock.en}",
    )


_STOCK = Text(
    " 재고 일수를 모르거나 낡았으니 함께 확인한다.", " Stock is unknown or out of date: have it checked as well."
)
_DEPENDENCE = Text(
    "어느 나라에 얼마나 기대는지부터 확인한다(통관 자료 또는 근거 있는 수치).",
    "Find out first on whom the item depends, from customs figures or a cited share.",
)


def _the(name: str) -> str:
    return name if name.lower().startswith("the ") else f"the {name}"


def _fill(signals: Sequence[Signal]) -> Text:
    """What to fetch first where there is no current figure."""
    stale = [signal for signal in signals if signal.state is State.STALE and signal.valid is not None]
    if not stale:
        return Text(
            "현재 수치가 없다. 이 품목의 통관·가격 자료부터 받는다.",
            "There are no current figures: fetch customs and price data for the item first.",
        )
    newest = max(stale, key=lambda signal: (signal.valid, signal.source))
    layer, when = LAYER_NAMES[newest.layer], day(newest.valid) if newest.valid else Text("", "")
    return Text(
        f"현재 수치가 없다. 가장 새로운 {layer.ko} 자료({newest.source_name.ko}, {when.ko})부터 새로 받는다.",
        f"There are no current figures: fetch {newest.source_name.en} again ({layer.en}, last {when.en}).",
    )
