"""An analyst's own customs file, with a mapping and no code: fetched, watched, walked back to its bytes."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Bongsu = Callable[..., Any]
MAPPING = """\
source: 우리세관
columns: {period: 년월, flow: 구분, partner: 국가, code: 품목부호, value: 금액(천달러), weight_kg: 중량(톤)}
constants: {reporter: KOR, code_system: HSK, currency: USD}
units: {value: 1000, weight: t}
code_digits: 10
partner_codes: name
totals: {국가: [총계]}
lag: {day_of_next_month: 15}
zone: Asia/Seoul
"""


def table(months: int, last: int) -> str:
    """`months` months of urea up to October 2021; in the last one China ships `last` thousand dollars' worth."""
    lines = ["년월,구분,국가,품목부호,금액(천달러),중량(톤)"]
    for back in range(months - 1, -1, -1):
        year, month = divmod(2021 * 12 + 9 - back, 12)
        china = 20_000 + 500 * ((month * 7) % 5) if back else last
        for partner, value in (("중국", china), ("카타르", 1_000), ("총계", china + 1_000)):
            lines.append(f'{year}.{month + 1:02},수입,{partner},3102101000,"{value:,}",{value * 3}')
    return "\n".join(lines) + "\n"


def test_an_own_customs_file_is_watched_and_walked_back(bongsu: Bongsu, tmp_path: Path) -> None:
    file, mapping = tmp_path / "우리세관.csv", tmp_path / "우리세관.yml"
    file.write_bytes(table(60, 500).encode("cp949"))
    mapping.write_text(MAPPING, encoding="utf-8")
    fetched = bongsu("fetch", "flows_table", "--from", str(file), "--mapping", str(mapping), "--json", lang="ko")
    assert (fetched.code, fetched.err) == (0, "")
    assert (fetched.json["counts"]["new"], fetched.json["counts"]["passed_over.total"]) == (120, 60)

    before, after = "2021-11-14", "2021-11-15"
    (unaware,) = bongsu("watch", "--item", "urea", "--as-of", before, "--json").json["warnings"]
    (aware,) = bongsu("watch", "--item", "urea", "--as-of", after, "--json").json["warnings"]
    assert (unaware["data_month"], aware["data_month"]) == ("2021-09", "2021-10")
    assert "own customs" in aware["layers_present"]
    assert aware["dependence"]["partner"] == "CHN"
    assert aware["level"] > (unaware["level"] or 0)

    walked = bongsu("explain", f"urea@{after}", "--json").json
    own = [one for one in walked["records"] if one["id"].startswith("trade_flow/")]
    assert own != []
    for one in own:
        raw = one["versions"][0]["raw"]
        assert raw["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert Path(raw["path"]).read_bytes() == file.read_bytes()
        assert raw["name"] == "우리세관.csv"

    shares = bongsu("indicators", "top_supplier", "--valid", "2021-09", "--json").json
    assert [(row["code"], row["top_supplier"]) for row in shares] == [("3102101000", "CHN")]


def test_a_corrected_file_is_a_second_version_not_another_truth(bongsu: Bongsu, tmp_path: Path) -> None:
    file, mapping = tmp_path / "a.csv", tmp_path / "m.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    for last, day in ((500, "2021-11-15"), (700, "2021-12-20")):
        file.write_text(table(14, last), encoding="utf-8")
        words = ["--from", str(file), "--mapping", str(mapping), "--published", day]
        assert bongsu("fetch", "flows_table", *words).code == 0
    told = bongsu("changes", "--source", "우리세관", "--from", "2021-11-30", "--to", "2021-12-31", "--json").json
    assert [(cell["column"], cell["before"], cell["after"]) for cell in told["cells"]] == [
        ("value", 500_000.0, 700_000.0), ("weight_kg", 1_500_000.0, 2_100_000.0),
    ]  # fmt: skip
    name = told["cells"][0]["fact"]
    versions = bongsu("explain", name, "--as-of", "2021-11-30", "--json").json["versions"]
    assert [(one["values"]["value"], one["current"]) for one in versions] == [(500_000.0, True), (700_000.0, False)]
