"""Makes the extracted tables of `codes/data` from public reference files; run by hand when those change.

    python -m bongsu.codes.extract ../shared/data/trade

Reads `reference/country-codes.csv`, `reference/harmonized-system.csv` and `reference/sections.csv` (PDDL),
`reference/hs_concordances.csv` (Apache-2.0) and the US Census country list (public domain); display names come from
CLDR through Babel (Unicode-3.0). The other tables of `codes/data` are kept by hand. `data/README.md` names them all.
"""

import csv
import gzip
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from babel import Locale

from bongsu.codes.tables import DATA, rows

HS_REVISIONS = ("2022", "2017", "2012", "2007", "2002", "1996", "1992")
NAME_COLUMNS = (
    "UNTERM English Short",
    "UNTERM English Formal",
    "official_name_en",
    "CLDR display name",
    "ISO4217-currency_country_name",
    "UNTERM Chinese Short",
    "UNTERM Chinese Formal",
    "official_name_cn",
)
NAME_LOCALES = ("en", "ko", "ja", "zh_Hans", "zh_Hant")
# ISO 4217 codes that belong to no single country, with their numbers; they have no minor unit.
SUPRANATIONAL = {"XDR": "960", "XAU": "959", "XAG": "961", "XPT": "962", "XPD": "964"}
# The reference file runs two FIPS codes together, and gives Bonaire the code of the Netherlands.
FIPS = {"SRB": "RI", "PSE": "WE GZ", "SJM": "SV JN", "UMI": "", "BES": ""}
# Kosovo is user-assigned in ISO 3166, so the reference file leaves it out. It has no M49 code.
KOSOVO = {"ISO3166-1-Alpha-3": "XKX", "ISO3166-1-Alpha-2": "XK", "ISO3166-1-numeric": "", "FIPS": "KV"}


def main(trade: Path, out: Path = DATA) -> None:
    """Write every extracted table into `out`, from the folder `trade` of public files."""
    reference = trade / "reference"
    listed = [*_read(reference / "country-codes.csv"), KOSOVO]
    _write(out / "countries.csv", countries(listed))
    _write(out / "country_names.csv", country_names(listed))
    _write(out / "regions.csv", regions(listed))
    _write(out / "currencies.csv", currencies(listed))
    _write(out / "hs.csv.gz", hs(_read(reference / "harmonized-system.csv")))
    _write(out / "hs_sections.csv", hs_sections(_read(reference / "sections.csv")))
    _write(out / "hs_concordances.csv.gz", concordances(_read(reference / "hs_concordances.csv")))
    mapping = trade / "us_census" / "imports_hs10_2024" / "CensusCountryMapping_FRBAtl_short.csv"
    _write(out / "census_countries.csv", census_countries(_read(mapping)))


def countries(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """One row a country: codes as text (the reference file lost the zeros of M49), names as Korean officials use."""
    usual = {row["alpha3"]: row for row in rows("usual_names")}
    for row in sorted(listed, key=lambda row: row["ISO3166-1-Alpha-3"]):
        alpha3, alpha2 = row["ISO3166-1-Alpha-3"], row["ISO3166-1-Alpha-2"]
        number = row["ISO3166-1-numeric"]
        names = usual.get(alpha3, {})
        yield {
            "alpha3": alpha3,
            "alpha2": alpha2,
            "m49": number.zfill(3) if number else "",
            "fips": FIPS.get(alpha3, row["FIPS"].strip()),
            "name_ko": names.get("ko") or _territory("ko", alpha2),
            "name_en": names.get("en") or _territory("en", alpha2).replace(" & ", " and "),
        }


def country_names(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """Every name by which the reference file and CLDR call a country, each once."""
    for row in sorted(listed, key=lambda row: row["ISO3166-1-Alpha-3"]):
        alpha2 = row["ISO3166-1-Alpha-2"]
        written = [row.get(column, "").strip() for column in NAME_COLUMNS]
        displayed = [_territory(locale, alpha2) for locale in NAME_LOCALES]
        for name in dict.fromkeys(name for name in [*written, *displayed] if name):
            yield {"alpha3": row["ISO3166-1-Alpha-3"], "name": name}


def regions(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """The M49 region of each country, the finest that it has; countries without one are left out."""
    for row in sorted(listed, key=lambda row: row["ISO3166-1-Alpha-3"]):
        code = row.get("Intermediate Region Code", "").strip() or row.get("Sub-region Code", "").strip()
        if code:
            yield {"alpha3": row["ISO3166-1-Alpha-3"], "region": code.zfill(3)}


def currencies(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """ISO 4217 codes of the countries' currencies, and the supranational ones; a country may have two."""
    usual = {row["code"]: row for row in rows("usual_currency_names")}
    found = {code: (number, "") for code, number in SUPRANATIONAL.items()}
    for row in listed:
        cells = (row.get(f"ISO4217-currency_{part}", "") for part in ("alphabetic_code", "numeric_code", "minor_unit"))
        for code, number, minor in zip(*(cell.split(",") for cell in cells), strict=True):
            if code:
                found[code] = (number.zfill(3), minor if minor.isdigit() else "")
    for code, (number, minor) in sorted(found.items()):
        yield {
            "code": code,
            "number": number,
            "minor_units": minor,
            "name_ko": usual[code]["ko"] if code in usual else str(Locale.parse("ko").currencies[code]),
            "name_en": usual[code]["en"] if code in usual else str(Locale.parse("en").currencies[code]),
        }


def hs(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """The HS 2022 tree without its total row: a code's parent is its own first digits."""
    for row in listed:
        if row["hscode"] != "TOTAL":
            yield {"code": row["hscode"], "section": row["section"], "name_en": row["description"].strip()}


def hs_sections(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """The 21 sections, in Roman numbers, with the Korean names kept by hand."""
    korean = {row["section"]: row["ko"] for row in rows("hs_sections_ko")}
    for row in listed:
        name = row["name"].strip()
        yield {
            "section": row["section"],
            "name_ko": korean[row["section"]],
            "name_en": name[0].upper() + name[1:],
        }


def concordances(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """Pairs of codes of neighbouring HS revisions; the published list lost the leading zeros, and goes on to SITC."""
    steps = {f"{after} to {before}": (after, before) for after, before in pairwise(HS_REVISIONS)}
    for row in listed:
        if step := steps.get(row["adjustment"]):
            yield {
                "revision": step[0],
                "code": row["code.after"].zfill(6),
                "before_revision": step[1],
                "before": row["code.before"].zfill(6),
            }


def census_countries(listed: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    """US Census Schedule C codes, joined with those that the list leaves out (`census_more.csv`, kept by hand)."""
    found = {row["CTY_CODE"]: row["ISO3"] for row in listed if row["CTY_CODE"]}
    found |= {row["code"]: row["alpha3"] for row in rows("census_more")}
    return [{"code": code, "alpha3": alpha3} for code, alpha3 in sorted(found.items())]


def _territory(locale: str, alpha2: str) -> str:
    return str(Locale.parse(locale).territories[alpha2])


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, table: Iterable[Mapping[str, str]]) -> None:
    whole: Sequence[Mapping[str, str]] = list(table)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(whole[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(whole)
    # No time in the gzip header, so that the same figures give the same bytes.
    pack = partial(gzip.compress, mtime=0) if path.suffix == ".gz" else bytes
    path.write_bytes(pack(text.getvalue().encode("utf-8")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
