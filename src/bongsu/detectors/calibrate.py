"""Makes the shipped reference table of the flow rule: `python -m bongsu.detectors.calibrate FOLDER`.

FOLDER holds US Census figures, which are in the public domain: exports by HS10 to Ireland and to Vietnam (2013 on), and
exports to China by HS6, of which only the months to 2017-12 are counted: what came after is what the rule is judged on.
Series without trade in a fifth of the months are left out.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.detectors import calibration
from bongsu.detectors.calibration import FIELDS, Tally, rows_of, tally
from bongsu.detectors.episodes import warmed_up
from bongsu.detectors.flow_break import Weights, scored
from bongsu.detectors.panel import Panel
from bongsu.indicators.series import Values
from bongsu.records.formats import read_parquet

FILES = {
    "exports_hs10_4190_ireland.parquet": ("E_COMMODITY", "ALL_VAL_MO"),
    "exports_hs10_5520_vietnam.parquet": ("E_COMMODITY", "ALL_VAL_MO"),
    "exports_china_hs6_to_2021-02.parquet": ("hs6", "china_exports"),
}
UNTIL = {"exports_china_hs6_to_2021-02.parquet": np.datetime64("2017-12")}
TRADED = 0.2
NOTE = (
    "# Scores of the flow rule by volatility class: alarms that start at a threshold, months with a score from it to the next",
    "# (forecasts), and those after which five months brought at most 0.4 of the year before (followed).",
    "# Source: U.S. Census Bureau, International Trade: exports by HS10 to Ireland and Vietnam, by HS6 to China to 2017-12.",
    "# Licence: public domain (United States). Made by python -m bongsu.detectors.calibrate.",
)


def figures(rows: pa.Table, code: str, value: str) -> tuple[Values, np.datetime64]:
    """Codes × months of one file, 0 where a code has no row, and the first month."""
    if "COMM_LVL" in rows.column_names:
        rows = rows.filter(pc.equal(rows["COMM_LVL"], "HS10"))
    rows = rows.filter(pc.and_(pc.is_valid(rows[code]), pc.greater(pc.utf8_length(pc.fill_null(rows[code], "")), 0)))
    months = np.array([str(when)[:7] for when in rows["time"].to_pylist()], dtype="datetime64[M]").astype(np.int64)
    codes = pc.dictionary_encode(rows[code].combine_chunks()).indices.to_numpy(zero_copy_only=False)
    values = np.zeros((int(codes.max()) + 1, int(months.max() - months.min()) + 1))
    np.add.at(values, (codes, months - months.min()), pc.cast(rows[value], pa.float64()).to_numpy())
    return values, np.datetime64(int(months.min()), "M")


def panels(folder: Path) -> Iterator[Values]:
    """The figures of each file, the series that trade too seldom left out."""
    for name, (code, value) in FILES.items():
        values, first = figures(read_parquet(folder / name), code, value)
        if name in UNTIL:
            values = values[:, : int((UNTIL[name] - first).astype(np.int64)) + 1]
        yield values[(values > 0).mean(axis=1) >= TRADED]


def counted(values: Values) -> Tally:
    """The counts of one file, its series taken to start with the file."""
    panel = Panel(pa.table({"series": np.arange(len(values))}), 0, "M", values, np.zeros(values.shape, np.int64))
    return tally(scored(values, None, Weights()), values, warmed_up(panel))


def main(words: Sequence[str]) -> None:
    """Write the table anew."""
    first, *others = (counted(values) for values in panels(Path(words[0])))
    for other in others:
        first += other
    file = Path(calibration.__file__).parent / "data" / "flow_reference.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"{line}\n" for line in NOTE)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("volatility_class", "series_years", "score", *FIELDS))
        writer.writerows(rows_of(first))


if __name__ == "__main__":
    main(sys.argv[1:])
