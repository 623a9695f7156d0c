"""A country's own folder: what is taken, and how each mistake is named."""

from datetime import date
from pathlib import Path

import pytest

from bongsu.language import BadInputError, Language
from bongsu.missions import load_network, network

SOURCES = "sources: {a: {ko: 관보, en: Gazette}}\n"
FILES = {
    "missions": """missions:
  - {id: kor_seoul, name: {ko: 서울대사관, en: Embassy in Seoul}, kind: embassy, host: KOR, city: {ko: 서울, en: Seoul},
     accredited: [PRK], zone: Asia/Seoul, languages: [ko], source: a, checked: true}
""",
    "ministries": """ministries:
  - {id: old, name: {ko: 옛 부처, en: Old}, valid_until: 2020-12-31, successors: {new: [], twin: [trade]}, source: a}
  - {id: new, name: {ko: 새 부처, en: New}, valid_from: 2021-01-01, source: a}
  - {id: twin, name: {ko: 다른 부처, en: Twin}, source: a}
""",
    "responsibilities": """responsibilities:
  - {id: trade, name: {ko: 무역, en: Trade}, holders: {2010-01-01: old, 2021-01-01: new}, source: a}
""",
    "desks": """desks:
  - {id: desk, name: {ko: 무역과, en: Trade desk}, ministry: new, holds: [trade], source: a}
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    version = tmp_path / "nld" / "2026-01-01"
    version.mkdir(parents=True)
    for table, text in FILES.items():
        (version / f"{table}.yml").write_text(SOURCES + text, encoding="utf-8")
    return version


def test_any_country_brings_a_folder(folder: Path) -> None:
    dutch = network("NLD", root=folder.parent.parent)
    assert (dutch.home, dutch.version) == ("NLD", "2026-01-01")
    assert [mission.id for mission in dutch.missions_for("PRK", date(2026, 1, 1))] == ["kor_seoul"]
    assert (dutch.unchecked().missions, dutch.unchecked().total, dutch.unchecked().rows) == (0, 5, 6)
    assert [desk.id for desk in dutch.desks_for("trade", date(2026, 1, 1))] == ["desk"]


def test_the_digest_follows_the_content_not_the_line_ends(folder: Path) -> None:
    before = load_network(folder).digest
    desks = folder / "desks.yml"
    desks.write_bytes(desks.read_bytes().replace(b"\n", b"\r\n"))
    assert load_network(folder).digest == before
    desks.write_text(desks.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    assert load_network(folder).digest != before


BREAKS = [
    ("missions", "zone: Asia/Seoul", "zone: Asia/Soul", "missions.yml: kor_seoul: there is no time zone 'Asia/Soul'."),
    ("missions", "zone: Asia/Seoul", "zone: Asia", "missions.yml: kor_seoul: there is no time zone 'Asia'."),
    ("missions", "zone: Asia/Seoul", "zone: ../etc", "missions.yml: kor_seoul: has a wrong 'zone'."),
    ("missions", "host: KOR", "host: KR", "missions.yml: kor_seoul: has a wrong 'host'."),
    ("missions", "host: KOR, ", "", "missions.yml: kor_seoul: lacks the field 'host'."),
    ("missions", "[PRK]", "[prk]", "missions.yml: kor_seoul: has a wrong 'accredited'."),
    ("missions", "[PRK]", "[PRK, PRK]", "missions.yml: kor_seoul: has a wrong 'accredited'."),
    ("missions", "[ko]", "[no]", "missions.yml: kor_seoul: has a wrong 'languages'."),
    ("missions", "kind: embassy", "kind: legation", "missions.yml: kor_seoul: has a wrong 'kind'."),
    ("missions", "checked: true", "checked: maybe", "missions.yml: kor_seoul: has a wrong 'checked'."),
    ("missions", "source: a", "source: b", "missions.yml: kor_seoul: has a wrong 'source'."),
    ("missions", "source: a", "source: a, hots: KOR", "missions.yml: kor_seoul: has unknown fields: hots."),
    ("missions", "source: a", "source: a, kind: office", "missions.yml: cannot be read as YAML"),
    ("missions", "en: Seoul}", "en: Seoul, fr: Séoul}", "missions.yml: kor_seoul: has a wrong 'city'."),
    ("missions", "en: Seoul}", "en: ' '}", "missions.yml: kor_seoul: has a wrong 'city'."),
    ("missions", "city: {ko: 서울, en: Seoul},", "", "missions.yml: kor_seoul: has a wrong 'city'."),
    ("missions", "id: kor_seoul, ", "", "missions.yml: #1: is not an entry with an 'id'."),
    ("missions", "  - {", "  - {{", "missions.yml: cannot be read as YAML"),
    ("missions", "missions:", "mission:", "missions.yml: holds no list 'missions'."),
    (
        "missions",
        "source: a",
        "source: a, valid_from: 2021-01-01, valid_until: 2020-01-01",
        "missions.yml: kor_seoul: ends (2020-01-01) before it begins (2021-01-01).",
    ),
    ("missions", "source: a", "source: a, valid_from: '2021-01-01'", "kor_seoul: has a wrong 'valid_from'."),
    ("ministries", "id: twin", "id: new", "ministries.yml: new: stands twice."),
    ("ministries", "valid_until: 2020-12-31, ", "", "ministries.yml: old: has successors, yet no last day."),
    ("ministries", "successors: {new: [], twin: [trade]}, ", "", "old: has ended, yet names no successor."),
    ("ministries", "{new: [], twin: [trade]}", "{gone: []}", "old: names a ministry 'gone' that is not there."),
    ("ministries", "{new: [], twin: [trade]}", "[new]", "ministries.yml: old: has wrong 'successors'."),
    ("ministries", "2020-12-31", "2020-12-30", "ministries.yml: old: on 2020-12-31 there is no ministry 'new'."),
    ("responsibilities", "2021-01-01: new", "2020-12-31: new", "trade: on 2020-12-31 there is no ministry 'new'."),
    ("responsibilities", "2021-01-01: new", "2021-01-02: new", "trade: on 2021-01-01 there is no ministry 'old'."),
    ("responsibilities", "2021-01-01: new", "2009-01-01: twin", "trade: its holders' dates are out of order."),
    ("responsibilities", "{2010-01-01: old, 2021-01-01: new}", "{}", "trade: has wrong 'holders'."),
    ("responsibilities", "2010-01-01: old", "2010: old", "responsibilities.yml: trade: has wrong 'holders'."),
    ("desks", "holds: [trade]", "holds: [tarde]", "desks.yml: desk: holds 'tarde', which is no responsibility."),
    ("desks", "ministry: new", "ministry: nwe", "desks.yml: desk: names a ministry 'nwe' that is not there."),
    ("desks", "ministry: new", "ministry: old", "desks.yml: desk: on 9999-12-31 there is no ministry 'old'."),
]


@pytest.mark.parametrize(("table", "right", "wrong", "said"), BREAKS)
def test_a_mistake_names_file_entry_and_mend(folder: Path, table: str, right: str, wrong: str, said: str) -> None:
    path = folder / f"{table}.yml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        load_network(folder)
    error = caught.value
    assert error.where.startswith(f"nld/2026-01-01/{table}.yml")
    assert said in error.to(Language.EN)
    assert error.mend is not None
    assert error.to(Language.KO).endswith(error.mend.ko)


def test_a_second_embassy_is_refused(folder: Path) -> None:
    path = folder / "missions.yml"
    entry = FILES["missions"].removeprefix("missions:\n").replace("kor_seoul", "kor_busan")
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    with pytest.raises(BadInputError, match="kor_seoul: a second embassy beside kor_busan"):
        load_network(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "desks.yml").unlink()
    with pytest.raises(BadInputError, match=r"desks\.yml: the file is missing"):
        load_network(folder)


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "desks.yml").write_bytes((SOURCES + FILES["desks"]).encode("cp949"))
    with pytest.raises(BadInputError, match=r"desks\.yml: cannot be read as YAML"):
        load_network(folder)


def test_a_folder_bears_a_country_code(folder: Path) -> None:
    moved = folder.parent.rename(folder.parent.parent / "holland")
    with pytest.raises(BadInputError, match="not named after a country code"):
        load_network(moved / folder.name)
