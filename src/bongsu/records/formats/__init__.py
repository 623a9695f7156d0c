"""Opening what came as bytes. Their sender may be careless or hostile: no name or size is believed."""

from bongsu.records.formats.columnar import read_parquet
from bongsu.records.formats.delimited import OddRow, Rows, read_csv
from bongsu.records.formats.encodings import decode
from bongsu.records.formats.kinds import Kind, sniff, sniff_bytes
from bongsu.records.formats.numbers import MARKERS, NotANumber, Numbers, Unknown, number, numbers
from bongsu.records.formats.trees import parse_xml, read_json
from bongsu.records.formats.unpacking import DEFAULT_LIMITS, Limits, open_plain
from bongsu.records.formats.workbooks import Cell, Sheet, as_rows, cell_text, read_xlsx

__all__ = [
    "DEFAULT_LIMITS",
    "MARKERS",
    "Cell",
    "Kind",
    "Limits",
    "NotANumber",
    "Numbers",
    "OddRow",
    "Rows",
    "Sheet",
    "Unknown",
    "as_rows",
    "cell_text",
    "decode",
    "number",
    "numbers",
    "open_plain",
    "parse_xml",
    "read_csv",
    "read_json",
    "read_parquet",
    "read_xlsx",
    "sniff",
    "sniff_bytes",
]
