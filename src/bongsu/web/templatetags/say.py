"""`{% say "한국어" "English" %}` and `{{ text|said }}`: both languages stand side by side in our templates."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from bongsu.alerts.checklists import entries
from bongsu.language import Text
from bongsu.people.markings import GRADE_NAMES, Grade, Tlp
from bongsu.people.roles import ROLE_NAMES, Role
from bongsu.responses.states import BEARINGS, CREDIBILITY, ORIGINS, RELIABILITY
from bongsu.web import names, speech

register = template.Library()
register.filter("said", speech.said)


@register.simple_tag
def say(ko: str, en: str, **values: object) -> str:
    """One of the two, with `values` filled in; the template escapes what comes out."""
    return Text(ko, en).format(**values).to(speech.spoken()) if values else Text(ko, en).to(speech.spoken())


@register.filter
def moment(at: object) -> str:
    """A moment on the clock of whoever looks, to the minute, its zone in words where it is not the day that matters."""
    if isinstance(at, str):
        at = _read(at)
    if isinstance(at, datetime):
        return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    return at.isoformat() if isinstance(at, date) else "–"


@register.filter
def day(at: object) -> str:
    """The day of a moment on the clock of whoever looks."""
    return moment(at)[:10]


@register.filter
def on_clock(at: datetime, zone: str) -> str:
    """A moment on the clock of a place."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _read(told: str) -> datetime | date | None:
    try:
        return datetime.fromisoformat(told) if "T" in told or " " in told else date.fromisoformat(told)
    except ValueError:
        return None


@register.filter
def grade_name(grade: int) -> str:
    """공개(O), 민감(S), 기밀(C)."""
    return speech.said(GRADE_NAMES[Grade(grade)])


@register.filter
def tlp_name(tlp: int) -> str:
    """TLP:GREEN."""
    return Tlp(tlp).label


@register.filter
def unit_name(unit: str) -> str:
    """The name of `mission:chn_beijing`."""
    return speech.said(names.unit(unit))


@register.filter
def mission_name(mission: str) -> str:
    """The name of a mission."""
    return speech.said(names.mission(mission))


@register.filter
def item_name(item: str) -> str:
    """The name of an item."""
    return speech.said(names.item(item))


@register.filter
def country_name(code: str) -> str:
    """The name of a country."""
    return speech.said(names.country(code))


@register.filter
def percent(share: object) -> str:
    """0.675 as 67.5 %."""
    return f"{share:.1%}".replace(".0%", "%") if isinstance(share, int | float) else "–"


@register.inclusion_tag("bits/fires.html")
def fires(level: int | None) -> dict[str, object]:
    """The level as fires and in words."""
    return {"level": level, "lit": range(level or 0), "wide": (level or 0) * 13}


@register.filter
def role_name(role: str) -> str:
    """센터 분석관, centre analyst."""
    return speech.said(ROLE_NAMES[Role(role)])


@register.filter
def at(table: Mapping[object, object], key: object) -> object:
    """What stands under a key; the key itself where nothing does."""
    return table.get(key, key)


_COUNTS = {
    "raised": Text("제기", "raised"),
    "risen": Text("상승", "risen"),
    "fallen": Text("하강", "fallen"),
    "unchanged": Text("그대로", "unchanged"),
}


@register.filter
def origin_name(origin: str) -> str:
    """Who said so."""
    return speech.said(ORIGINS.get(origin, origin))


@register.filter
def bearing_name(bearing: str) -> str:
    """What it does to supply."""
    return speech.said(BEARINGS.get(bearing, bearing))


@register.filter
def reliability_name(letter: str) -> str:
    """B · usually reliable."""
    return f"{letter} · {speech.said(RELIABILITY[letter])}" if letter in RELIABILITY else "–"


@register.filter
def credibility_name(number: int | None) -> str:
    """2 · probably true."""
    return f"{number} · {speech.said(CREDIBILITY[number])}" if number in CREDIBILITY else "–"


_MEASURE = {
    "issuer": Text("발표 기관", "Issuer"),
    "number": Text("번호", "Number"),
    "instrument": Text("조치 종류", "Kind of measure"),
    "direction": Text("방향", "Direction"),
    "announced": Text("발표일", "Announced"),
    "effective": Text("시행일", "Effective"),
    "until": Text("끝나는 날", "Until"),
    "hs_codes": Text("HS 부호", "HS codes"),
}


@register.filter
def measure_name(name: str) -> str:
    """A field of a measure."""
    return speech.said(_MEASURE.get(name, name))


@register.filter
def count_name(name: str) -> str:
    """제기, raised: what a turn of the watch counts."""
    return speech.said(_COUNTS.get(name, name))


@register.filter
def entry_text(entry: str) -> str:
    """The words of an entry of the checklist."""
    return speech.said(next((one.text for one in entries() if one.id == entry), entry))
