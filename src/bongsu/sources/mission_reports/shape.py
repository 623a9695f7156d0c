"""The raw file of a statement: what stands in it, and what may stand there. One small JSON file for each publication."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bongsu.codes.countries import countries
from bongsu.codes.groups import groups
from bongsu.language import BadInputError, Text
from bongsu.records.marking import GRADES, TLPS
from bongsu.records.shapes import BEARINGS, CREDIBILITIES, ORIGINS, RELIABILITIES

KINDS = ("ban", "licensing", "inspection", "quota", "duty", "suspension", "lifting")  # of acts
DIRECTIONS = ("export", "import")
MOST_ITEMS = 50
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")  # ids carry no prose
_EAST = timedelta(hours=14)  # a day begins so much earlier in the farthest time zone


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a reviewed report says, without a word of its text.

    Args:
        report: the report's number.
        items: ids of the items that it bears on, at least one.
        place: ISO alpha-3 of the country that it is about, or a group such as EU.
        observed: the day of what was seen.
        reviewed_at: when it was reviewed and so became known.
        reliability: of the source, A–F.
        credibility: of what it says, 1–6.
        grade, tlp: its markings, by their words.
        mission: who filed it; "" where nobody did.
        origin: who told the mission, one of `records.shapes.ORIGINS`; "" where it is not said.
        bearing: where supply goes by it, one of `records.shapes.BEARINGS`; "" where it is not said, which is read as tighter.
        instrument: of an act that it tells of, one of `KINDS` (`export ban` is read as well); "" for none.
        direction: export or import; "" for none.

    Raises:
        BadInputError: names the field that is none of these.
    """

    report: str
    items: tuple[str, ...]
    place: str
    observed: date
    reviewed_at: datetime
    reliability: str
    credibility: int
    grade: str = GRADES[0]
    tlp: str = TLPS[0]
    mission: str = ""
    origin: str = ""
    bearing: str = ""
    instrument: str = ""
    direction: str = ""

    def __post_init__(self) -> None:
        fault = next(self._faults(), None)
        if fault:
            name, mend = fault
            raise BadInputError(
                Text(f"{name} 칸의 값을 쓸 수 없습니다.", f"{name} holds what cannot be used."),
                where=f"statement {self.report}" if _ID.fullmatch(str(self.report)) else "statement",
                mend=mend,
            )

    def _faults(self) -> Iterator[tuple[str, Text]]:
        words = {
            "reliability": tuple(RELIABILITIES),
            "grade": GRADES,
            "tlp": TLPS,
            "origin": ("", *ORIGINS),
            "bearing": ("", *BEARINGS),
            "instrument": ("", *KINDS),
            "direction": ("", *DIRECTIONS),
        }
        yield from ((name, _one_of(words)) for name, words in words.items() if getattr(self, name) not in words)
        if type(self.credibility) is not int or self.credibility not in CREDIBILITIES:
            yield "credibility", _one_of(tuple(map(str, CREDIBILITIES)))
        if self.place not in countries() and self.place not in groups():
            yield "place", Text("ISO 국가부호(영문 3자)를 쓰십시오.", "Give an ISO alpha-3 code.")
        ids = {"report": (self.report,), "mission": (self.mission or "none",), "items": self.items}
        yield from ((name, _AN_ID) for name, given in ids.items() if not all(map(_is_id, given)))
        if not 0 < len(set(self.items)) == len(self.items) <= MOST_ITEMS:
            yield (
                "items",
                Text(f"서로 다른 품목을 1~{MOST_ITEMS}개 주십시오.", f"Give 1 to {MOST_ITEMS} items, each once."),
            )
        if self.reviewed_at.utcoffset() is None:
            yield "reviewed_at", Text("시간대를 붙이십시오.", "Give it with its time zone.")
        elif datetime.combine(self.observed, datetime.min.time(), UTC) - _EAST > self.reviewed_at:
            yield "observed", Text("검토한 때보다 늦은 날입니다.", "It is later than the review.")


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A report that was published and is stated no more.

    Args:
        report: its number.
        withdrawn_at: from when.
    """

    report: str
    withdrawn_at: datetime

    def __post_init__(self) -> None:
        if not _is_id(self.report) or self.withdrawn_at.utcoffset() is None:
            raise BadInputError(
                Text("거두어들일 보고의 번호나 시각이 잘못되었습니다.", "a number or a moment of a withdrawal is off."),
                where="statement",
                mend=_AN_ID,
            )


def as_bytes(told: Statement | Withdrawal) -> bytes:
    """The raw file: the same statement gives the same bytes."""
    kept = asdict(told)
    for name in ("observed", "reviewed_at", "withdrawn_at"):
        if name in kept:
            when = kept[name]
            kept[name] = when.astimezone(UTC).isoformat() if isinstance(when, datetime) else when.isoformat()
    if "items" in kept:
        kept["items"] = sorted(kept["items"])
    return (json.dumps(kept, sort_keys=True, indent=1) + "\n").encode()


def from_json(kept: object) -> Statement | Withdrawal:
    """What a raw file says; BadInputError for any other shape."""
    if not isinstance(kept, Mapping):
        raise _no_statement()
    told: dict[str, Any] = {str(name): value for name, value in kept.items()}
    try:
        if "withdrawn_at" in told:
            return Withdrawal(**{**told, "withdrawn_at": datetime.fromisoformat(told["withdrawn_at"])})
        return Statement(
            **{
                **told,
                "items": tuple(map(str, told["items"])),
                "observed": date.fromisoformat(told["observed"]),
                "reviewed_at": datetime.fromisoformat(told["reviewed_at"]),
            }
        )
    except (TypeError, ValueError, KeyError):
        raise _no_statement() from None


def plain_kind(told: str) -> tuple[str, str]:
    """An act's kind and direction from words such as `export ban`; a kind that is none of ours is left out."""
    direction, _, kind = told.strip().lower().rpartition(" ")
    return kind if kind in KINDS else "", direction if direction in DIRECTIONS else ""


def _is_id(told: object) -> bool:
    return isinstance(told, str) and _ID.fullmatch(told) is not None


_AN_ID = Text(
    "영문자·숫자와 . _ - 로 된 80자 이내의 부호를 쓰십시오.", "Give a code of at most 80 letters, digits, dots, _ or -."
)


def _one_of(words: tuple[str, ...]) -> Text:
    listed = ", ".join(word for word in words if word)
    return Text(f"쓸 수 있는 값: {listed}.", f"There are: {listed}.")


def _no_statement() -> BadInputError:
    return BadInputError(
        Text("공관보고의 기록 파일이 아닙니다.", "this is no file of a mission report's statement."),
        mend=Text(
            "이 파일은 검토를 마친 보고에서 만들어집니다. 손으로 고치지 마십시오.",
            "Such files are written when a report is reviewed; do not edit them.",
        ),
    )
