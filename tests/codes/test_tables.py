import re
import subprocess
import sys
from pathlib import Path

import pytest

from bongsu.codes.extract import main
from bongsu.codes.tables import DATA, rows

EXTRACTED = (
    "countries.csv",
    "country_names.csv",
    "regions.csv",
    "currencies.csv",
    "census_countries.csv",
    "hs.csv.gz",
    "hs_sections.csv",
    "hs_concordances.csv.gz",
)
MODULES = ("countries", "groups", "hs", "concordances", "baskets", "hsk", "currencies", "units", "partner_codes")


def test_every_table_has_its_source_and_licence_written() -> None:
    written = (DATA / "README.md").read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line.startswith("| ") and ".csv" in line]
    named = [name for line in lines for name in re.findall(r"[\w.]+\.csv(?:\.gz)?", line.split("|")[1])]
    assert sorted(named) == sorted(path.name for path in DATA.iterdir() if path.name != "README.md")
    assert [line for line in lines if any(not cell.strip() for cell in line.split("|")[1:5])] == []


def test_no_row_of_a_table_is_longer_or_shorter_than_its_header() -> None:
    names = [path.name.removesuffix(".gz").removesuffix(".csv") for path in DATA.glob("*.csv*")]
    odd = [(name, row) for name in names for row in rows(name) if None in row or None in row.values()]
    assert odd == []


def test_importing_the_codes_loads_no_table_and_no_heavy_library() -> None:
    program = (
        "import sys\n"
        + "".join(f"import bongsu.codes.{module}\n" for module in MODULES)
        + "from bongsu.codes import countries, hs\n"
        "assert countries.countries.cache_info().currsize == 0 and hs._tree.cache_info().currsize == 0\n"
        "print(sorted({'babel', 'numpy', 'pyarrow', 'duckdb', 'yaml', 'ibis'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


@pytest.mark.realdata
def test_the_tables_are_what_the_script_extracts(realdata: Path, tmp_path: Path) -> None:
    main(realdata / "trade", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(EXTRACTED)
    for name in EXTRACTED:
        stem = name.removesuffix(".gz").removesuffix(".csv")
        assert rows(stem, tmp_path) == rows(stem)
