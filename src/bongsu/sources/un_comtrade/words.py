"""What the words of a Comtrade row mean: places, periods, flows, classifications, codes, units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from bongsu.codes.concordances import REVISIONS, concordance
from bongsu.codes.countries import countries
from bongsu.codes.groups import comtrade_partner, find_partner, is_partner, residuals
from bongsu.codes.units import find_unit
from bongsu.language import Text
from bongsu.sources.cells import Fault, as_period

WORLD = "W00"
HS_AS_REPORTED = "HS"
LONGEST_HS = 6
FULL_YEAR = "52"  # the site's refMonth of a year


@dataclass(frozen=True)
class Skip:
    """Why a row is passed over and counted, as it states no flow of goods that Bongsu records."""

    reason: str


@dataclass(frozen=True)
class Classification:
    """The classification of a row's code.

    Args:
        family: HS, SITC or BEC.
        revision: its number there: 0 for HS 1992, 6 for HS 2022; 1–4 for SITC, 4–5 for BEC. None where not said.
        original: did the reporter use it (True), did the UN convert into it (False), or is that not said (None)?
    """

    family: str
    revision: int | None
    original: bool | None

    @property
    def system(self) -> str:
        """`code_system` of the record: HS as reported; HS1992 … where converted; SITC1–4, BEC4–5."""
        if self.family != "HS":
            return self.family if self.revision is None else f"{self.family}{self.revision}"
        return HS_AS_REPORTED if self.original or self.revision is None else f"HS{REVISIONS[self.revision]}"


FLOWS: Mapping[str, str | Skip] = {
    "M": "import", "X": "export", "RM": Skip("re_import"), "RX": Skip("re_export"), "DX": Skip("domestic_export"),
    "FM": Skip("foreign_import"), "MIP": Skip("inward_processing"), "XIP": Skip("inward_processing"),
    "MOP": Skip("outward_processing"), "XOP": Skip("outward_processing"),
    # the site before 2023
    "1": "import", "2": "export", "3": Skip("re_export"), "4": Skip("re_import"),
    # its words, where a file has no codes
    "IMPORT": "import", "IMPORTS": "import", "EXPORT": "export", "EXPORTS": "export",
    "RE-IMPORT": Skip("re_import"), "RE-IMPORTS": Skip("re_import"),
    "RE-EXPORT": Skip("re_export"), "RE-EXPORTS": Skip("re_export"), "DOMESTIC EXPORT": Skip("domestic_export"),
}  # fmt: skip
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no")
_NO_NUMBER = ("-1", "1")
_NO_UNIT = ("", "n/a", "-", "no quantity", "no quantity unit")
# Standard units by their numbers (WCO), for answers without descriptions.
_UNITS = {"2": "m2", "3": "MWh", "4": "m", "5": "piece", "6": "pair", "7": "L", "8": "kg", "9": "thousand",
          "11": "dozen", "12": "m3", "13": "carat", "21": "t"}  # fmt: skip


def plain(word: Any) -> str:  # noqa: ANN401 - text or a number
    """A cell as text, without what a spreadsheet does to numbers."""
    return re.sub(r"\.0$", "", str(word).strip().lstrip("'’"))


def partner(cells: tuple[Any, ...]) -> str | Skip | Fault | None:
    """A partner from (number, ISO code, name): a country, the world, or trade with nobody named.

    A group whose members stand beside it (ASEAN, OECD, a region) would count them twice.
    """
    found = _place(cells)
    if isinstance(found, str) and found != WORLD and not is_partner(found) and found not in residuals():
        return Skip("country_group")
    return found


def _place(cells: tuple[Any, ...]) -> str | Fault | None:
    number, iso, name = cells
    if number is None and iso is None and name is None:
        return None
    by_number = comtrade_partner(plain(number)) if number is not None else None
    by_iso = find_partner(str(iso)) if iso is not None else None
    by_name = find_partner(str(name)) if name is not None else None
    if _contradict(by_number, by_iso):
        return Fault(
            "contradictory_place",
            Text(
                f"국가 번호와 ISO 부호가 서로 다릅니다: {number}, {iso}", f"number and ISO code differ: {number}, {iso}"
            ),
        )
    said = ", ".join(str(cell) for cell in cells if cell is not None)
    return by_number or by_iso or by_name or Fault(
        "bad_partner", Text(f"알 수 없는 국가입니다: {said}", f"an unknown country: {said}")
    )  # fmt: skip


def _contradict(one: str | None, other: str | None) -> bool:
    """Two different countries of today, or a country and the world. Comtrade's ISO codes of former areas are loose."""
    sure = {WORLD, *countries()}
    return one in sure and other in sure and one != other


def reporter(cells: tuple[Any, ...]) -> str | Fault | None:
    """A reporter from (number, ISO code, name): a country, or a group that reports as one."""
    found = _place(cells)
    if isinstance(found, str) and not is_partner(found):
        return Fault("bad_reporter", Text(f"보고국이 아닙니다: {found}", f"{found} is no reporter."))
    return Fault("bad_reporter", found.detail) if isinstance(found, Fault) else found


def period(cells: tuple[Any, ...]) -> tuple[date, str] | Fault | None:
    """The period from (period, refPeriodId, refYear, refMonth, freqCode); refPeriodId is its first day."""
    said, first_day, year, month, frequency = (None if cell is None else plain(cell) for cell in cells)
    if frequency not in (None, "A", "M"):
        return _bad_period(f"{said or first_day or year} ({frequency})")
    if said is not None:
        other = frequency is not None and len(re.sub(r"\D", "", said)) != (4 if frequency == "A" else 6)
        return (
            _bad_period(f"{said} ({frequency})") if other and re.fullmatch(r"\d+", said) else as_period(said, frequency)
        )
    if first_day is not None and (frequency or month):
        return as_period(first_day, frequency or ("A" if month == FULL_YEAR else "M"))
    if year is None:
        return None
    whole = frequency == "A" or month in (None, FULL_YEAR)
    return as_period(year if whole else (year, month), frequency)


def _bad_period(said: str) -> Fault:
    return Fault(
        "bad_period", Text(f"기간과 주기가 맞지 않습니다: {said}", f"period and frequency do not agree: {said}")
    )


def flow(cells: tuple[Any, ...]) -> str | Skip | Fault | None:
    """A flow from (code, description)."""
    code, words = cells
    if code is None and words is None:
        return None
    said = plain(words if code is None else code)
    return FLOWS.get(said.upper()) or Fault("bad_flow", Text(f"모르는 흐름입니다: {said}", f"an unknown flow: {said}"))


def yes(word: Any) -> bool | None:  # noqa: ANN401 - a cell
    """A cell of a column of true and false; None for anything else."""
    said = plain(word).lower()
    return True if said in TRUE else False if said in FALSE else None


def classification(cells: tuple[Any, ...]) -> Classification | Skip | Fault | None:
    """A classification from (goods or services, its code, the code searched for, is it the reporter's own?)."""
    trade, code, searched, original = cells
    if trade not in (None, "C"):
        odd = Text(f"상품(C)도 서비스(S)도 아닙니다: {trade}", f"neither goods (C) nor services (S): {trade}")
        return Skip("services") if trade == "S" else Fault("bad_type", odd)
    said = plain(searched if code is None else code).upper() if (code, searched) != (None, None) else "HS"
    as_reported = None if original is None else yes(original)
    if as_reported is None and searched is not None and plain(searched).upper() == "HS":
        as_reported = True
    if said == "HS":
        return Classification("HS", None, as_reported)
    if said.startswith("EB"):
        return Skip("services")
    for pattern, family, known in (
        (r"H([0-9])", "HS", range(len(REVISIONS))),
        (r"S([1-4])", "SITC", range(1, 5)),
        (r"B([45])", "BEC", range(4, 6)),
    ):
        found = re.fullmatch(pattern, said)
        if found and (int(found[1]) in known or as_reported):
            revision = int(found[1])
            return Classification(family, revision if revision in known else None, as_reported)
    return Fault("bad_classification", Text(f"모르는 품목분류입니다: {said}", f"an unknown classification: {said}"))


def code(cells: tuple[Any, ...]) -> str | Skip | Fault | None:
    """A commodity code from (classification, cell, aggregation level, was the cell kept as a number?)."""
    kind, cell, level, _ = cells
    if cell is None or not isinstance(kind, Classification):
        return None
    said = plain(cell).upper()
    if said in ("TOTAL", "AG1", "AG2", "AG4", "AG6", "ALL"):
        return Skip("total")
    if kind.family == "HS" and re.fullmatch(r"99(99(AA|99)?)?", said) and said.endswith("AA"):
        return Skip("unclassified_goods")
    if not re.fullmatch(r"[0-9]{1,10}", said):
        return _bad_code(said)
    depth = int(plain(level)) if level is not None and re.fullmatch(r"[0-9]{1,2}", plain(level)) else None
    return _hs(said, kind, depth) if kind.family == "HS" else _other(said, depth, number=bool(cells[3]))


def _hs(said: str, kind: Classification, depth: int | None) -> str | Fault:
    """Two, four or six digits. One fewer is a lost zero, where the classification knows the code with it."""
    if len(said) % 2 == 0:
        return said if len(said) <= LONGEST_HS and depth in (None, len(said)) else _bad_code(said)
    restored = f"0{said}"
    sure = depth in (None, len(restored)) and restored in known_codes(kind.revision)
    return restored if sure else _bad_code(said)


def _other(said: str, depth: int | None, *, number: bool) -> str | Fault:
    """SITC and BEC have codes of every length, so only the stated level tells what a number lost."""
    if depth in (None, len(said)):
        return said if depth is not None or not number else _bad_code(said)
    return said.zfill(depth) if number and len(said) < depth else _bad_code(said)


def _bad_code(said: str) -> Fault:
    return Fault(
        "bad_code",
        Text(
            f"품목부호의 자릿수나 단계가 맞지 않습니다: {said}",
            f"a commodity code of a length or level that cannot be: {said}",
        ),
    )


@cache
def known_codes(revision: int | None) -> frozenset[str]:
    """Codes of two, four and six digits of one revision of the HS; of all where it is not said."""
    years = REVISIONS if revision is None else (REVISIONS[revision],)
    six = {code for year in years for code in concordance(year, year)}
    return frozenset(code[:digits] for code in six for digits in (2, 4, 6))


def unit(cells: tuple[Any, ...]) -> str | None:
    """Our name of a unit from (abbreviation, number); None where no quantity is stated."""
    label, number = cells
    if number is not None and (known := _UNITS.get(plain(number))):
        return known
    if label is None or plain(label).lower() in _NO_UNIT or plain(number) in _NO_NUMBER:
        return None
    found = find_unit(str(label))
    return found.code if found else str(label)


def part(total: str) -> Any:  # noqa: ANN401 - a function of cells
    """A reader of one dimension's cells: None for its total, else what tells the part from others."""

    def read(cells: tuple[Any, ...]) -> str | None:
        said = next((plain(cell) for cell in cells if cell is not None), total)
        whole = said.upper() in (total, WORLD, "WORLD") or said.strip("0") == "" or said.upper().startswith("TOTAL")
        return None if whole else said

    return read
