"""What an indicator is, and the folder's list of them. One file an indicator; nothing names them but their files."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
import pyarrow as pa

from bongsu.language import Text
from bongsu.records.shapes import RecordType


@dataclass(frozen=True)
class Indicator:
    """A number computed from records, by a pure function.

    Args:
        id: the file's name.
        name: what people call it.
        unit: the unit of its main column.
        formula: in signs, as short as it can be said.
        source: the publication that the formula comes from.
        caveats: what it does not say, for whoever reads the number.
        records: the record types that it reads, in the order of its arguments.
        key: columns that name one of its rows.
        compute: tables in, table out: Ibis tables for a set-shaped indicator, Arrow tables for a series-shaped one.
        series: series-shaped, that is, a NumPy kernel over Arrow.
        asks: names of arguments that `compute` needs beside the tables, such as the day it is asked for.
    """

    id: str
    name: Text
    unit: Text
    formula: str
    source: str
    caveats: tuple[Text, ...]
    records: tuple[RecordType, ...]
    key: tuple[str, ...]
    compute: Callable[..., Any]
    series: bool = False
    asks: tuple[str, ...] = ()

    def run(self, *tables: ibis.Table, **arguments: object) -> pa.Table:
        """Compute on Ibis tables and fetch the rows, sorted by `key`, whatever the indicator's shape."""
        given = [table.to_pyarrow() for table in tables] if self.series else tables
        result = self.compute(*given, **arguments)
        rows: pa.Table = result if self.series else result.to_pyarrow()
        return rows.sort_by([(name, "ascending") for name in self.key])


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id, found by this folder's modules, in alphabetical order."""
    package = importlib.import_module(__package__ or "bongsu.indicators")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in names)
    return {module.INDICATOR.id: module.INDICATOR for module in modules if hasattr(module, "INDICATOR")}
