"""A pasted notice, answered as `bongsu read` answers: by the lake, the catalogue and the network as of a moment."""

from datetime import datetime
from typing import Any

from django.conf import settings

from bongsu.alerts.evidence import plain
from bongsu.detectors.publisher import publishers
from bongsu.fusion.meaning import meaning
from bongsu.fusion.meaning_document import document
from bongsu.fusion.today import reads_of
from bongsu.language import BadInputError, Text
from bongsu.records.lake import Lake
from bongsu.responses.home import home_catalogue, home_network, home_zone
from bongsu.sources.source import sources
from bongsu.texts.notice import read_notice
from bongsu.texts.plain import plain as read_plain

NAME = "notice"
MOST_READ = 200_000  # characters of readable text, some hundred pages: what is read within seconds, however it is made


def answered(text: str, country: str | None, moment: datetime) -> dict[str, Any]:
    """What a notice means at home, as JSON.

    Raises:
        BadInputError: the text cannot be read, or is longer than any notice.
    """
    data = text.encode()
    if len(read_plain(data, name=NAME, charset="utf-8").text) > MOST_READ:
        raise BadInputError(
            Text(f"본문이 {MOST_READ:,}자를 넘습니다.", f"its text is longer than {MOST_READ:,} characters."),
            mend=Text("품목과 조치가 적힌 부분만 붙이십시오.", "Paste only the part with the goods and the measure."),
        )
    catalogue = home_catalogue()
    notice = read_notice(data, name=NAME, catalogue=catalogue, hint_country=country, charset="utf-8")
    lake = Lake(settings.LAKE)
    try:
        snapshot = lake.snapshot()
        clocks = publishers(sources(), reads_of(snapshot))
        found = meaning(
            notice, snapshot, catalogue, home_network(), moment, clocks, home=settings.HOME, zone=home_zone()
        )
    finally:
        lake.close()
    told: dict[str, Any] = plain(document(found))
    return told
