"""The sentences that a flow's reading is told in."""

from bongsu.detectors.flow_reading import Kind, Reading
from bongsu.detectors.wording import country, josa, mid, per_cent
from bongsu.language import Text

KINDS = {
    "steady": Text("꾸준한 흐름", "a steady flow"),
    "uneven": Text("고르지 않은 흐름", "an uneven flow"),
    "rough": Text("크게 출렁이는 흐름", "a rough flow"),
    "intermittent": Text("드문드문한 흐름", "an intermittent flow"),
}
MOST_YEARS = 50  # the reference is too small to tell rarer ones apart


def seen(read: Reading, who: Text, goods: Text, month: Text) -> Text:
    """What the newest month shows, without a full stop.

    Args:
        read: the reading.
        who: the supplier.
        goods: the item's name.
        month: the month in words.
    """
    if read.score is None:
        return Text(
            f"{who.ko}에서 오는 {goods.ko}의 {month.ko} 수치를 지난 수치와 견줄 수 없다",
            f"Flows from {who.en} in {month.en} cannot be held against the past",
        )
    if read.kind is Kind.STOPPED:
        return _stopped(read, who, goods, month)
    if read.kind is Kind.JUMPED:
        return _jumped(read, who, goods, month)
    return _changed(read, who, goods, month)


def _stopped(read: Reading, who: Text, goods: Text, month: Text) -> Text:
    many = "" if read.silent == 1 else "s"
    habit = Text("", "")
    if read.volatility == "intermittent":
        habit = Text(
            f"(그 앞 24개월 가운데 {read.active}개월에 들어왔다)",
            f" (it came in {read.active} of the 24 months before)",
        )
    return Text(
        f"{who.ko}에서 오는 {josa(goods.ko, '이', '가')} {month.ko}까지 {read.silent}개월째 끊겼다{habit.ko}",
        f"No {mid(goods.en)} has come from {who.en} for {read.silent} month{many} to {month.en}{habit.en}",
    )


def _jumped(read: Reading, who: Text, goods: Text, month: Text) -> Text:
    times = "" if read.change is None else f"{read.change + 1:.1f}"
    ko = f"한 해 전의 {times}배로 뛰었다" if times else "크게 뛰었다"
    en = f"jumped to {times} times the year before" if times else "jumped"
    return Text(
        f"{who.ko}에서 오는 {josa(goods.ko, '이', '가')} {month.ko} {ko}: 막히기 전에 서두르는 것일 수 있다",
        f"Flows of {mid(goods.en)} from {who.en} {en} in {month.en}: shipments may be rushing ahead of a stop",
    )


def _changed(read: Reading, who: Text, goods: Text, month: Text) -> Text:
    """The change on the year; where that is unknown, of three months on the twelve before."""
    lead = Text(f"{who.ko}에서 오는 {josa(goods.ko, '이', '가')}", f"Flows of {mid(goods.en)} from {who.en}")
    change, against = read.change, Text("한 해 전보다", "on the year")
    if change is None:
        change, against = (
            read.recent,
            Text("최근 석 달 평균이 그 앞 열두 달보다", "in three months on the twelve before"),
        )
    if change is None:
        return Text(f"{lead.ko} {month.ko} 평소와 다르지 않다", f"{lead.en} were as usual in {month.en}")
    amount, fell = per_cent(abs(change)), change < 0
    return Text(
        f"{lead.ko} {month.ko} {against.ko} {amount} {'줄었다' if fell else '늘었다'}",
        f"{lead.en} {'fell' if fell else 'rose'} by {amount} {against.en} in {month.en}",
    )


def details(read: Reading, who: Text) -> tuple[Text, ...]:
    """What stands in brackets: the last three months, a share that shifted, suppliers that are gone, how rare it is."""
    told = [_recent(read), _shifted(read, who), *(_gone(name, share) for name, share in read.vanished), _rare(read)]
    return tuple(one for one in told if one is not None)


def _recent(read: Reading) -> Text | None:
    if read.kind is not Kind.FELL or read.recent is None or read.change is None:
        return None
    amount, less = per_cent(abs(read.recent)), read.recent < 0
    return Text(
        f"최근 석 달은 그 앞 열두 달 평균보다 {amount} {'적다' if less else '많다'}",
        f"the last three months {amount} {'below' if less else 'above'} the twelve before",
    )


def _shifted(read: Reading, who: Text) -> Text | None:
    if read.kind is not Kind.SHIFTED or read.share is None or read.usual_share is None:
        return None
    now, before = per_cent(read.share), per_cent(read.usual_share)
    return Text(
        f"{who.ko}의 몫이 열두 달의 {before}에서 최근 석 달 {josa(now, '으로', '로')} 바뀌었다",
        f"the share of {who.en} moved from {before} of twelve months to {now} of the last three",
    )


def _gone(code: str, share: float) -> Text:
    who, part = country(code), per_cent(share)
    return Text(
        f"몫이 {part}이던 {josa(who.ko, '이', '가')} 석 달째 빠졌다",
        f"nothing for three months from {who.en}, which had {part}",
    )


def _rare(read: Reading) -> Text | None:
    if read.kind in (Kind.QUIET, Kind.SHIFTED) or not read.rate or read.rate > 1:
        return None
    years, sort = min(1 / read.rate, MOST_YEARS), KINDS[read.volatility]
    return Text(
        f"{sort.ko}에서 까닭 없이는 {years:.0f}년에 한 번꼴이다",
        f"for no cause {sort.en} does so about once in {years:.0f} years",
    )
