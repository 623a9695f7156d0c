"""A foreign notice, read by rules and code tables: which act, which goods, and why we think so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bongsu.items.catalogue import Catalogue
from bongsu.texts.acts import find_act_dates, find_control, find_issuer, find_numbers
from bongsu.texts.findings import FoundGood, findings
from bongsu.texts.goods import FoundWord, find_goods
from bongsu.texts.hs_codes import FoundCode, find_codes
from bongsu.texts.plain import plain
from bongsu.texts.tongue import Tongue, tongue, view

_SYSTEMS = {"KOR": "HSK", "USA": "HTS"}


@dataclass(frozen=True)
class Notice:
    """What the rules read in a notice; None is unknown.

    Args:
        name: what the user calls the document.
        title: of a web page, else the first line.
        language: of the text.
        encoding: what the bytes were in.
        jurisdiction: ISO alpha-3 or a group; from the issuer, else the user's hint (`hinted`).
        issuer: the authority.
        number: the act's official number; `cited`: other acts' numbers in the text.
        announced, effective, until: its days.
        instrument: ban, licensing, inspection, quota, duty; or suspension, lifting: an act that stops another.
        direction: export or import.
        goods: findings, the most trusted first.
        codes: every HS code in the text.
        words: every item's word in the text.
    """

    name: str
    title: str
    language: Tongue
    encoding: str
    jurisdiction: str | None
    hinted: bool
    issuer: str | None
    number: str | None
    cited: tuple[str, ...]
    announced: date | None
    effective: date | None
    until: date | None
    instrument: str | None
    direction: str | None
    control_words: tuple[str, ...]
    goods: tuple[FoundGood, ...]
    codes: tuple[FoundCode, ...]
    words: tuple[FoundWord, ...]

    @property
    def watched(self) -> tuple[FoundGood, ...]:
        """The findings that are watched items; () is an answer: read, and none of ours is there."""
        return tuple(good for good in self.goods if good.item is not None)

    @property
    def dates(self) -> Mapping[str, date | None]:
        """Announced, effective and until."""
        return {"announced": self.announced, "effective": self.effective, "until": self.until}


def read_notice(
    data: bytes, *, name: str, catalogue: Catalogue, hint_country: str | None = None, charset: str | None = None
) -> Notice:
    """Read a notice.

    Args:
        data: the document, HTML or plain text in any encoding.
        name: file name or address.
        catalogue: the watched items, as they stood on the day of reading.
        hint_country: ISO alpha-3 of the country whose notice it is, used where the text does not say.
        charset: what the server said of the encoding.

    Raises:
        BadInputError: the document is no text that can be read (`plain` says which).
    """
    document = plain(data, name=name, charset=charset)
    spoken = tongue(document.text)
    text = f"{document.title}\n{document.text}" if document.title else document.text
    seen = view(text, spoken)
    issuer, numbers = find_issuer(seen), find_numbers(text, seen)
    days, control = find_act_dates(seen), find_control(seen)
    codes, words = find_codes(text, spoken), find_goods(text, catalogue, spoken)
    jurisdiction = issuer.jurisdiction if issuer else hint_country
    acts = control.instrument is not None and (issuer is not None or bool(numbers) or hint_country is not None)
    return Notice(
        name=name,
        title=document.title or text.partition("\n")[0][:200],
        language=spoken,
        encoding=document.encoding,
        jurisdiction=jurisdiction,
        hinted=issuer is None and hint_country is not None,
        issuer=issuer.name if issuer else None,
        number=numbers[0] if numbers else None,
        cited=numbers[1:],
        announced=days.announced,
        effective=days.effective,
        until=days.until,
        instrument=control.instrument,
        direction=control.direction,
        control_words=control.words,
        goods=findings(text, codes, words, catalogue, _system(jurisdiction), acts=acts),
        codes=codes,
        words=words,
    )


def _system(jurisdiction: str | None) -> str:
    """Whose national digits a notice's codes have."""
    return _SYSTEMS.get(jurisdiction or "", jurisdiction or "?")
