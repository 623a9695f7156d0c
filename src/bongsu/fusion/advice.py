"""What would raise or lower a warning, and what to do now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bongsu.detectors.dependence import Dependence
from bongsu.detectors.signal import LAYER_NAMES, Layer, Marks, Signal, State
from bongsu.detectors.wording import country, day, josa
from bongsu.fusion.levels import CALM, CRITICAL, FAMILIES, NOTICE, SEVERE, Picture, level, picture
from bongsu.fusion.warning import Question
from bongsu.items.cover import Cover
from bongsu.language import Text
from bongsu.missions.shapes import Mission


def raise_if(judged: int | None, seen: Picture, grade: str | None, depends: Dependence | None) -> tuple[Text, ...]:
    """What would raise the level, by the table in `levels`: what the table, asked again, answers with more fires."""
    return tuple(_raise_if(judged, seen, grade, depends))


def _raise_if(judged: int | None, seen: Picture, grade: str | None, depends: Dependence | None) -> Iterator[Text]:
    if judged == CRITICAL:
        return
    who = country(depends.partner) if depends else Text("주된 공급국", "the main supplier")
    steps = (
        (
            replace(_with(seen, Layer.MEASURE), decisive=True),
            Text(
                f"{josa(who.ko, '이', '가')} 이 품목의 수출을 제한하는 조치를 내놓으면 올린다.",
                f"A measure by {who.en} that restricts exports of the item.",
            ),
        ),
        (
            _with(seen, Layer.OWN_CUSTOMS),
            Text(
                "통관 실적·통항이 크게 줄거나 공관이 선적 중단을 보고하면 올린다.",
                "A sharp fall in customs figures or transits, or a mission reporting that shipments stop.",
            ),
        ),
        (
            _with(seen, Layer.PRICE),
            Text("이 품목의 가격이 크게 뛰면 올린다.", "A sharp rise in the price of the item."),
        ),
    )
    yield from (sentence for more, sentence in steps if (level(more, grade) or 0) > (judged or 0))
    if depends is None:
        yield Text(
            "주된 공급국이 확인되면 그 나라의 조치를 4거 이상으로 읽을 수 있다.",
            "Once the main supplier is known, a measure of its authorities can give 4 fires or more.",
        )


def _with(seen: Picture, layer: Layer) -> Picture:
    """What is seen, and one more layer that is strong."""
    return replace(seen, live=seen.live | {layer}, raised=seen.raised | {layer}, strong=seen.strong | {FAMILIES[layer]})


def lower_if(judged: int | None, signals: Sequence[Signal], grade: str | None, marks: Marks) -> tuple[Text, ...]:
    """What would lower the level: a raised layer that the level hangs on going quiet; where it hangs on none, all."""
    if judged is None or judged == CALM:
        return ()
    seen = picture(signals, marks)
    raised = [layer for layer in Layer if layer in seen.raised]
    alone = [layer for layer in raised if (level(picture(_without(signals, layer), marks), grade) or 0) < judged]
    if alone:
        return tuple(_QUIET[layer] for layer in alone)
    return (_TOGETHER, *(_QUIET[layer] for layer in raised))


def _without(signals: Sequence[Signal], layer: Layer) -> list[Signal]:
    """The same signals, with one layer gone quiet."""
    return [replace(one, strength=0.0, decisive=False) if one.layer is layer else one for one in signals]


_TOGETHER = Text("하나로는 부족하고 아래가 함께 이루어져야 내린다.", "No single change would; these together:")
_QUIET = {
    Layer.MEASURE: Text(
        "조치가 풀리거나, 우리 물량에는 허가가 나온다는 것이 확인되면 내린다.",
        "The measure is lifted, or licences for our goods are shown to be granted.",
    ),
    Layer.MISSION_REPORT: Text("공관이 선적 재개를 보고하면 내린다.", "A mission reports that shipments resume."),
    Layer.TRANSIT: Text("통항이 평소 수준으로 돌아오면 내린다.", "Transits return to their usual number."),
    Layer.PRICE: Text("가격이 평소 범위로 돌아오면 내린다.", "The price returns to its usual range."),
    Layer.UNIT_VALUE: Text(
        "수입 단가가 평소 범위로 돌아오면 내린다.", "Import unit values return to their usual range."
    ),
    Layer.INPUT_PRICE: Text(
        "원료 가격이 평소 범위로 돌아오면 내린다.", "The inputs' prices return to their usual range."
    ),
    Layer.MIRROR_FLOW: Text("상대국의 수출 통계가 회복되면 내린다.", "The supplier's exports to us recover."),
    Layer.OWN_CUSTOMS: Text("수입이 평소 수준을 회복하면 내린다.", "Imports recover to their usual level."),
}


def next_step(
    judged: int | None,
    signals: Sequence[Signal],
    missions: Sequence[Mission],
    cover: Cover | None,
    questions: Sequence[Question] = (),
    *,
    known: bool,
) -> Text:
    """The one thing to do now: at four fires or more what they call for, else a question that is due.

    Args:
        judged: the level.
        signals: of all layers.
        missions: whom to ask, the first one first.
        cover: days of stock.
        questions: to missions, by day.
        known: is it known on whom the item depends?
    """
    live = any(signal.state is State.LIVE and signal.layer is not Layer.MEASURE for signal in signals)
    due = [question for question in questions if question.due]
    if due and (judged or 0) < SEVERE:
        return _ask(due[-1])
    if judged is None:
        return _fill(signals) if not live or known else _DEPENDENCE
    if judged < NOTICE:
        return Text("정기 점검을 이어 간다.", "Keep to the regular check.")
    ask = missions[0].name if missions else Text("관할 공관", "the mission in charge")
    stock = _STOCK if cover is None or cover.stale else Text("", "")
    if judged >= SEVERE:
        return Text(
            f"{ask.ko}에 오늘 안으로 선적·허가 상황을 확인요청하고 소관 부처에 알린다.{stock.ko}",
            f"Ask {_the(ask.en)} today how shipments and licences stand, and tell the ministries in charge.{stock.en}",
        )
    return Text(
        f"{ask.ko}에 수출 동향을 확인요청한다.{stock.ko}",
        f"Ask {_the(ask.en)} how exports stand.{stock.en}",
    )


def _ask(question: Question) -> Text:
    who = question.mission.name if question.mission else Text("관할 공관", "the mission in charge")
    return Text(f"{who.ko}에 확인요청한다. {question.because.ko}", f"Ask {_the(who.en)}. {question.because.en}")


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
