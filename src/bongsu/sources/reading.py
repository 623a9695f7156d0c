"""What several readers need: the vintage of a delivery, and when each of its figures counts as known."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw
from bongsu.records.known import close_of_day
from bongsu.sources.source import ReadRequest

UNDATED = Text(
    "이 자료의 공표일을 모릅니다. --published 날짜를 주면 그 시점의 판으로 기록합니다.",
    "the day of this vintage is unknown: give --published DATE to record it as what stood then.",
)


@dataclass(frozen=True)
class Vintage:
    """When a delivery was published, as far as known.

    Args:
        published: the instant; None where neither the user nor the file says it.
        latest: no figure of the delivery became known later than this.
    """

    published: datetime | None
    latest: datetime
    latest_basis: str

    @property
    def notes(self) -> tuple[Text, ...]:
        """What to tell the user about it."""
        return () if self.published else (UNDATED,)


def vintage(request: ReadRequest, stated: date | None = None) -> Vintage:
    """The vintage of `request`; `stated` is what the file itself says, and `--published` goes before it."""
    day = request.published or stated
    if day is None:
        return Vintage(None, request.read_at, "assumed")
    instant = close_of_day(day, request.source.zone)
    return Vintage(instant, instant, "stated")


def known_times(
    periods: Iterable[tuple[date, str]], request: ReadRequest, published: Vintage
) -> dict[tuple[date, str], tuple[datetime, str]]:
    """(first day, frequency) → (known_at, basis): the source's lag, but never later than the vintage."""
    lag, zone = request.source.lag, request.source.zone
    known = {period: lag.known_at(*period, zone) for period in periods}
    return {
        period: (instant, "lag") if instant <= published.latest else (published.latest, published.latest_basis)
        for period, instant in known.items()
    }


@contextmanager
def naming(raw: Raw) -> Iterator[None]:
    """Errors name the file as the user knows it; the archive keeps its bytes under their hash."""
    try:
        yield
    except BadInputError as error:
        where = error.where.replace(raw.path.name, raw.name) if error.where else raw.name
        raise type(error)(error.what, where=where, mend=error.mend) from error


def require_columns(found: Sequence[str], needed: Sequence[str], where: str) -> None:
    """BadInputError names the columns that are missing, and those there are."""
    missing = ", ".join(name for name in needed if name not in found)
    if missing:
        raise BadInputError(
            Text(f"필요한 열이 없습니다: {missing}.", f"columns are missing: {missing}."),
            where=where,
            mend=Text(
                f"파일에 있는 열: {', '.join(found)}. 이름이 바뀌었거나 다른 표가 아닌지 확인해 주십시오.",
                f"The file has: {', '.join(found)}. Check for renamed columns or another table.",
            ),
        )
