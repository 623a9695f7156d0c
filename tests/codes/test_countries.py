import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.countries import (
    Country,
    ambiguous_names,
    census_codes,
    census_country,
    countries,
    country,
    find_country,
    fips_country,
    former_areas,
)
from bongsu.codes.tables import UnknownCodeError
from bongsu.language import Language, Text

ALL = tuple(countries().values())


def test_all_of_iso_3166_and_kosovo_stand() -> None:
    assert len(ALL) == 250
    assert countries()["XKX"].m49 == ""
    assert [one.alpha3 for one in ALL if not one.m49] == ["XKX"]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.alpha3)
def test_every_country_comes_back_by_each_of_its_codes_and_names(one: Country) -> None:
    assert country(one.alpha3) == one
    assert country(one.alpha2) == one
    assert country(one.alpha3.lower()) == one
    if one.m49:
        assert (len(one.m49), country(one.m49)) == (3, one)
    if one.fips:
        assert fips_country(one.fips) == one.alpha3
    assert find_country(one.name.ko) == one.alpha3
    assert find_country(one.name.en) == (None if one.alpha3 == "MAF" else one.alpha3)  # St. Martin is two


def test_no_code_belongs_to_two_countries() -> None:
    for field in ("alpha3", "alpha2", "m49", "fips"):
        codes = [getattr(one, field) for one in ALL if getattr(one, field)]
        assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("code", "alpha3"),
    [("NA", "NAM"), ("004", "AFG"), ("008", "ALB"), ("840", "USA"), ("XK", "XKX"), ("GB", "GBR"), ("SUN", "SUN")],
)
def test_codes_that_are_easily_lost(code: str, alpha3: str) -> None:
    assert country(code).alpha3 == alpha3


def test_former_areas_say_when_they_ended() -> None:
    assert {area.alpha3: str(area.until) for area in former_areas().values()} == {
        "ANT": "2010-10-09",
        "CSK": "1992-12-31",
        "DDR": "1990-10-02",
        "SCG": "2006-06-02",
        "SUN": "1991-12-25",
        "YUG": "2003-02-03",
    }


def test_a_number_that_lost_its_zeros_is_refused_with_the_mend() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        country("4")
    assert caught.value.mend == Text(
        "앞자리 0이 지워졌다면 '004'로 적으십시오.", "If its leading zeros were lost, write '004'."
    )
    assert caught.value.to(Language.KO).startswith("'4'에 해당하는 국가 코드가 없습니다.")


@pytest.mark.parametrize("code", ["", "ZZZ", "999", "EU", "W00", "Korea"])
def test_what_is_no_country_code_is_refused(code: str) -> None:
    with pytest.raises(UnknownCodeError):
        country(code)


@pytest.mark.parametrize(
    ("alpha3", "ko"),
    [
        ("KOR", "한국"),
        ("PRK", "북한"),
        ("TWN", "대만"),
        ("HKG", "홍콩"),
        ("MAC", "마카오"),
        ("AUS", "호주"),
        ("COD", "콩고민주공화국"),
        ("SVK", "슬로바키아"),
    ],
)
def test_korean_names_are_those_in_daily_use(alpha3: str, ko: str) -> None:
    assert countries()[alpha3].name.ko == ko


@pytest.mark.parametrize(
    ("name", "alpha3"),
    [
        ("SouthAfrica", "ZAF"),
        ("HongKong", "HKG"),
        ("UK", "GBR"),
        ("USA", "USA"),
        ("U.S.A.", "USA"),
        ("Swiss", "CHE"),
        ("Rumania", "ROU"),
        ("Netherland", "NLD"),
        ("Czech", "CZE"),
        ("KOREA, SOUTH", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Korea, Dem. People's Rep. of", "PRK"),
        ("VIETNAM", "VNM"),
        ("RUSSIA", "RUS"),
        ("Burma", "MMR"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("China, Hong Kong SAR", "HKG"),
        ("Bosnia & Herzegovina", "BIH"),
        ("St.Lucia", "LCA"),
        ("Saint Lucia", "LCA"),
        ("TheGambia", "GMB"),
        ("Solomon Isds", "SLB"),
        ("  viet   NAM ", "VNM"),
        ("Congo, D.R.", "COD"),
        ("Turkey", "TUR"),
        ("중국", "CHN"),
        ("미국", "USA"),
        ("일본", "JPN"),
        ("인니", "IDN"),
        ("호주", "AUS"),
        ("오스트레일리아", "AUS"),
        ("남아공", "ZAF"),
        ("터키", "TUR"),
        ("越南", "VNM"),
        ("美国", "USA"),
        ("韩国", "KOR"),
        ("臺灣", "TWN"),
        ("ベトナム", "VNM"),
        ("北朝鮮", "PRK"),
        ("Czechoslovakia", "CSK"),
        ("Soviet Union", "SUN"),
    ],
)
def test_names_as_files_write_them(name: str, alpha3: str) -> None:
    assert find_country(name) == alpha3


@pytest.mark.parametrize(
    "name",
    [
        "Korea",
        "Congo",
        "콩고",
        "Virgin Islands",
        "Saint Martin",
        "",
        " ",
        "-",
        "World",
        "NA",
        "United States and Canada",
    ],
)
def test_ambiguous_and_unknown_names_are_none(name: str) -> None:
    assert find_country(name) is None


def test_only_names_that_are_truly_shared_are_ambiguous() -> None:
    assert dict(ambiguous_names()) == {
        "congo": {"COD", "COG"},
        "콩고": {"COD", "COG"},
        "刚果": {"COD", "COG"},
        "コンゴ": {"COD", "COG"},
        "korea": {"KOR", "PRK"},
        "saintmartin": {"MAF", "SXM"},
        "virginisland": {"VGB", "VIR"},
    }


@given(st.sampled_from([one for one in ALL if one.alpha3 != "MAF"]), st.data())
def test_case_blanks_and_punctuation_do_not_matter(one: Country, data: st.DataObject) -> None:
    words = one.name.en.split(" ")
    joined = data.draw(st.sampled_from([" ", "  ", "_", "-"])).join(words)
    written = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(joined)
    assert find_country(written) == one.alpha3


@given(st.text(max_size=30))
def test_any_text_is_answered_with_a_country_or_none(name: str) -> None:
    found = find_country(name)
    assert found is None or found in countries() or found in former_areas()


def test_us_census_codes_go_both_ways() -> None:
    assert census_country("5800") == "KOR"
    assert census_country("4803") == "XKX"
    assert census_codes("PSE") == ("5082", "5083")
    assert census_codes("SVK") == ("4359",)
    assert [census_country(code) for code in ("-", "0003", "4XXX", "58", "9999")] == [None] * 5


def test_the_us_census_has_codes_for_all_but_these() -> None:
    with_code = {one.alpha3 for one in ALL if census_codes(one.alpha3)}
    without = {one.alpha3 for one in ALL} - with_code
    assert without == {"ALA", "ATA", "BES", "BLM", "BVT", "GGY", "IMN", "JEY", "MAF", "SGS"}


def test_gaza_and_the_west_bank_are_palestine_in_fips() -> None:
    assert (fips_country("GZ"), fips_country("WE"), fips_country("KS")) == ("PSE", "PSE", "KOR")
    assert fips_country("ZZ") is None


@pytest.mark.realdata
def test_every_name_of_the_korean_customs_file_is_known(realdata: Path) -> None:
    path = realdata / "trade" / "kr_customs" / "hsk10_country_month.csv"
    with path.open(encoding="utf-8") as file:
        names = {row["Country"] for row in csv.DictReader(file)}
    assert {name for name in names if find_country(name) is None} == {""}
    assert (find_country("Netherland"), find_country("Netherlands")) == ("NLD", "NLD")


@pytest.mark.realdata
def test_every_partner_of_the_us_census_folder_is_known_by_code_and_name(realdata: Path) -> None:
    folder = realdata / "trade" / "us_census" / "imports_hs10_2024"
    pairs = {}
    for path in folder.glob("*.parquet"):
        table = pq.read_table(path, columns=["CTY_CODE", "CTY_NAME"]).slice(0, 1).to_pylist()[0]
        pairs[table["CTY_CODE"]] = table["CTY_NAME"]
    assert len(pairs) == 51
    unknown = {code: name for code, name in pairs.items() if census_country(code) is None}
    assert unknown == {"0003": "EUROPEAN UNION"}
    assert {code for code, name in pairs.items() if census_country(code) != find_country(name)} == set()


@pytest.mark.realdata
def test_the_published_us_census_mapping_agrees_with_ours(realdata: Path) -> None:
    path = realdata / "trade" / "us_census" / "imports_hs10_2024" / "CensusCountryMapping_FRBAtl_short.csv"
    with path.open(encoding="utf-8-sig") as file:
        listed = [row for row in csv.DictReader(file) if row["CTY_CODE"]]
    assert [row for row in listed if census_country(row["CTY_CODE"]) != row["ISO3"]] == []
    assert [row for row in listed if find_country(row["country"]) != row["ISO3"]] == []
