"""Korea's network as it ships: its rules for all rows, and the answers that officers will check first."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import UsageError
from bongsu.missions import MissionKind, Unchecked, load_network, network
from bongsu.missions.load import DATA, digest

KOR = network("KOR")
REFORM = date(2008, 2, 29)
NOW = date(2026, 11, 22)
days = st.dates(REFORM, date(2031, 12, 31))


def ids(missions: tuple[object, ...]) -> list[str]:
    return [getattr(mission, "id", "") for mission in missions]


def test_the_newest_version_is_the_default() -> None:
    assert (KOR.home, KOR.version) == ("KOR", "2026-11-22")
    assert KOR.digest == network("KOR", "2026-11-22").digest


def test_a_published_version_never_changes() -> None:
    published = yaml.safe_load((DATA / "kor" / "digests.yml").read_text(encoding="utf-8"))
    there = {path.parent.name: digest(path.parent) for path in sorted(DATA.glob("kor/*/missions.yml"))}
    assert {str(version): value for version, value in published.items()} == there


def test_the_size_of_the_network() -> None:
    standing = [mission for mission in KOR.missions.values() if mission.stands_on(NOW)]
    counts = {kind: sum(mission.kind is kind for mission in standing) for kind in MissionKind}
    assert counts == {
        MissionKind.EMBASSY: 126,
        MissionKind.CONSULATE_GENERAL: 46,
        MissionKind.CONSULATE: 0,
        MissionKind.OFFICE: 20,
        MissionKind.PERMANENT_MISSION: 6,
    }


def test_nothing_claims_to_have_been_checked() -> None:
    tables = (KOR.missions, KOR.ministries, KOR.responsibilities, KOR.desks)
    missions, ministries, responsibilities, desks = (len(table) for table in tables)
    rows = missions + ministries + responsibilities + desks
    assert KOR.unchecked() == Unchecked(missions, ministries, responsibilities, desks, rows)
    assert KOR.unchecked().total == KOR.unchecked().rows


def test_every_mission_is_whole() -> None:
    for mission in KOR.missions.values():
        assert ZoneInfo(mission.zone).key == mission.zone
        assert mission.languages, mission.id
        assert mission.host not in mission.accredited, mission.id
        assert "KOR" not in (mission.host, *mission.accredited), mission.id
        assert (mission.kind is not MissionKind.PERMANENT_MISSION) or mission.organisations, mission.id


def test_names_are_korean_and_english() -> None:
    tables = (KOR.missions, KOR.ministries, KOR.responsibilities, KOR.desks)
    for row in (row for table in tables for row in table.values()):
        assert any("가" <= letter <= "힣" for letter in row.name.ko), row.id
        assert not any("가" <= letter <= "힣" for letter in row.name.en), row.id


def test_a_name_belongs_to_one_mission_at_a_time() -> None:
    names = [mission.name.ko for mission in KOR.missions.values() if mission.stands_on(NOW)]
    assert sorted(set(names)) == sorted(names)


def test_a_country_is_accredited_to_one_embassy() -> None:
    accredited = [country for mission in KOR.missions.values() for country in mission.accredited]
    assert sorted(set(accredited)) == sorted(accredited)


RUSSIA = ("vladivostok", "saint_petersburg", "irkutsk", "yuzhno_sakhalinsk")
CHINA = "beijing shanghai guangzhou qingdao shenyang chengdu wuhan xian dalian"


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("CHN", [f"chn_{city}" for city in CHINA.split()]),
        ("HKG", ["hkg_hong_kong"]),
        ("MAC", ["hkg_hong_kong"]),
        ("TWN", ["twn_taipei"]),
        ("VNM", ["vnm_hanoi", "vnm_ho_chi_minh_city", "vnm_da_nang"]),
        ("IDN", ["idn_jakarta"]),
        ("IND", ["ind_new_delhi", "ind_mumbai", "ind_chennai"]),
        ("AUS", ["aus_canberra", "aus_sydney", "aus_melbourne", "aus_brisbane"]),
        (
            "RUS",
            ["rus_moscow", *(f"rus_{c}" for c in RUSSIA)],
        ),
        ("ISL", ["nor_oslo"]),
        ("SUR", ["sur_paramaribo", "ven_caracas"]),
        ("PRK", []),
        ("AFG", []),
        ("KOR", []),
    ],
)
def test_whom_to_ask(country: str, expected: list[str]) -> None:
    assert ids(KOR.missions_for(country, NOW)) == expected


def test_missions_in_the_hosts_time_and_tongue() -> None:
    taipei = KOR.mission("twn_taipei")
    assert (taipei.kind, taipei.zone, taipei.languages) == (MissionKind.OFFICE, "Asia/Taipei", ("zh", "en"))
    assert KOR.mission("nor_oslo").languages == ("nb", "en")


@pytest.mark.parametrize(
    ("country", "on", "expected"),
    [
        ("AFG", date(2021, 8, 15), ["afg_kabul"]),
        ("AFG", date(2021, 8, 16), []),
        ("CUB", date(2025, 1, 16), []),
        ("CUB", date(2025, 1, 17), ["cub_havana"]),
        ("SVN", date(2025, 2, 19), ["aut_vienna"]),
        ("SVN", date(2025, 2, 20), ["svn_ljubljana"]),
        ("GEO", date(2021, 10, 13), ["geo_tbilisi_office", "aze_baku"]),
        ("GEO", NOW, ["geo_tbilisi"]),
    ],
)
def test_the_network_on_a_past_day(country: str, on: date, expected: list[str]) -> None:
    assert ids(KOR.missions_for(country, on)) == expected


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        ("EU", ["bel_brussels"]),
        ("UN", ["un_new_york"]),
        ("WTO", ["un_geneva"]),
        ("OECD", ["oecd_paris"]),
        ("UNESCO", ["unesco_paris"]),
        ("ASEAN", ["asean_jakarta"]),
        ("ICAO", ["can_montreal"]),
        ("OPEC", []),
    ],
)
def test_missions_to_organisations(organisation: str, expected: list[str]) -> None:
    assert ids(KOR.missions_to(organisation, NOW)) == expected


@given(country=st.sampled_from(sorted({m.host for m in KOR.missions.values()})), on=days)
def test_an_answer_holds_only_missions_that_stand_and_cover(country: str, on: date) -> None:
    found = KOR.missions_for(country, on)
    kinds = [mission.kind for mission in found if mission.host == country]
    assert sorted(kinds, key=list(MissionKind).index) == kinds
    for mission in found:
        assert mission.stands_on(on)
        assert mission.kind is not MissionKind.PERMANENT_MISSION
        assert mission.host == country or (country in mission.accredited and MissionKind.EMBASSY not in kinds)


@pytest.mark.parametrize(
    ("ministry", "on", "field", "expected"),
    [
        ("motie", date(2025, 9, 30), None, ["motie"]),
        ("motie", date(2025, 10, 1), None, ["moti", "mcee"]),
        ("motie", date(2025, 10, 1), "industry", ["moti"]),
        ("motie", date(2025, 10, 1), "trade", ["moti"]),
        ("motie", date(2025, 10, 1), "energy", ["mcee"]),
        ("motie", date(2025, 10, 1), "fisheries", []),
        ("me", date(2025, 9, 30), None, ["me"]),
        ("me", date(2025, 10, 1), "energy", ["mcee"]),
        ("mosf", date(2026, 1, 1), None, ["mosf"]),
        ("mosf", date(2026, 1, 2), None, ["mofe", "mpb"]),
        ("mosf", date(2026, 1, 2), "finance", ["mofe"]),
        ("mosf", date(2026, 1, 2), "budget", ["mpb"]),
        ("mke", date(2013, 3, 22), None, ["mke"]),
        ("mke", date(2013, 3, 23), None, ["motie"]),
        ("mke", NOW, "energy", ["mcee"]),
        ("mofat", NOW, "trade", ["moti"]),
        ("nema", NOW, "fire", ["nfa"]),
        ("nema", NOW, None, ["mois", "nfa"]),
        ("moti", date(2025, 9, 30), None, []),
        ("kcs", date(1990, 1, 1), None, ["kcs"]),
    ],
)
def test_who_does_a_ministrys_work(ministry: str, on: date, field: str | None, expected: list[str]) -> None:
    assert ids(KOR.ministry_on(ministry, on, field)) == expected


def test_a_ministry_names_its_successors() -> None:
    assert KOR.ministry("motie").successors == ("moti", "mcee")
    assert KOR.ministry("motie").name.ko == "산업통상자원부"
    assert KOR.ministry("moti").name.ko == "산업통상부"
    assert KOR.ministry("mcee").name.ko == "기후에너지환경부"


@given(ministry=st.sampled_from(sorted(KOR.ministries)), on=days)
def test_work_is_never_lost(ministry: str, on: date) -> None:
    first = KOR.ministry(ministry).valid_from
    found = KOR.ministry_on(ministry, on)
    assert all(one.stands_on(on) for one in found)
    assert bool(found) == (first is None or first <= on)


@given(responsibility=st.sampled_from(sorted(KOR.responsibilities)), on=days)
def test_every_responsibility_has_exactly_one_holder_on_every_day(responsibility: str, on: date) -> None:
    row = KOR.responsibility(responsibility)
    holding = [
        ministry
        for (first, ministry), (end, _) in zip(row.holders, (*row.holders[1:], (date.max, "")), strict=True)
        if first <= on < end
    ]
    holder = KOR.holder(responsibility, on)
    assert ([holder.id] if holder else []) == holding
    assert (len(holding) == 1) == (on >= row.valid_from)
    assert holder is None or holder.stands_on(on)


def test_responsibilities_start_with_the_reform_of_2008() -> None:
    late = {row.id: row.valid_from for row in KOR.responsibilities.values() if row.valid_from != REFORM}
    assert late == {"telecom": date(2013, 3, 23), "data_centres": date(2013, 3, 23)}
    assert KOR.holder("industry", REFORM - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("responsibility", "on", "expected"),
    [
        ("vehicle_emissions", date(2021, 10, 13), "환경부"),
        ("vehicle_emissions", date(2025, 10, 1), "기후에너지환경부"),
        ("trucking", date(2021, 10, 13), "국토교통부"),
        ("fertiliser", date(2021, 10, 13), "농림축산식품부"),
        ("firefighting", date(2021, 10, 13), "소방청"),
        ("procurement", date(2021, 10, 13), "조달청"),
        ("supply_chain", date(2026, 1, 1), "기획재정부"),
        ("supply_chain", date(2026, 1, 2), "재정경제부"),
        ("budget", date(2026, 1, 2), "기획예산처"),
        ("industry", date(2025, 9, 30), "산업통상자원부"),
        ("industry", date(2025, 10, 1), "산업통상부"),
        ("coal_power", date(2025, 10, 1), "기후에너지환경부"),
        ("oil", date(2025, 10, 1), "산업통상부"),
        ("water", date(2018, 6, 7), "국토교통부"),
        ("water", date(2018, 6, 8), "환경부"),
        ("nuclear_safety", date(2011, 10, 26), "원자력안전위원회"),
        ("disease_control", date(2020, 9, 12), "질병관리청"),
        ("medicines", date(2013, 3, 23), "식품의약품안전처"),
    ],
)
def test_who_is_in_charge(responsibility: str, on: date, expected: str) -> None:
    holder = KOR.holder(responsibility, on)
    assert holder is not None
    assert holder.name.ko == expected


def test_every_desk_is_found_by_what_it_holds() -> None:
    assert ids(KOR.desks_for("supply_chain", date(2024, 1, 1))) == ["mosf_supply_chain_task_force"]
    assert ids(KOR.desks_for("supply_chain", date(2026, 1, 2))) == []
    assert ids(KOR.desks_for("economic_diplomacy", date(2021, 10, 13))) == []
    for desk in KOR.desks.values():
        assert desk.holds, desk.id


@pytest.mark.parametrize(
    "ask",
    [
        lambda: KOR.mission("chn_lhasa"),
        lambda: KOR.ministry("nobody"),
        lambda: KOR.ministry_on("motie", NOW, "astrology"),
        lambda: KOR.holder("astrology", NOW),
        lambda: KOR.desks_for("astrology", NOW),
        lambda: network("XXX"),
        lambda: network("KOR", "1999-01-01"),
    ],
)
def test_what_is_not_there_is_said(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(UsageError) as caught:
        ask()
    assert caught.value.mend is not None


def test_loading_twice_gives_the_same() -> None:
    assert load_network(DATA / "kor" / KOR.version) == KOR
