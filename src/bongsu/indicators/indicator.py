"""What an indicator is, and the folder's list of them. One file an indicator; nothing names them but their files."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import ibis
import pyarrow as pa

from bongsu.indicators.hold import Hold
from bongsu.language import Text
from bongsu.records.shapes import RecordType

# Puts a kernel to work on the rows of a table; rows that agree in the named columns are never parted.
Apply = Callable[[Callable[[pa.Table], pa.Table], ibis.Table, Sequence[str]], pa.Table]


def at_once(kernel: Callable[[pa.Table], pa.Table], rows: ibis.Table, apart: Sequence[str]) -> pa.Table:
    """`kernel` over all rows in this process."""
    del apart
    return kernel(rows.to_pyarrow())


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
        series: series-shaped, that is, a NumPy kernel over Arrow, of one record type.
        apart: of a series-shaped one, the columns that tell what is computed by itself; empty: `key` without `valid`.
        asks: names of arguments that `compute` needs beside the tables: `on`, the day it is asked for; `home`, ISO alpha-3
            (its tables then hold the flows of all reporters, both ways, and the past).
        base: what `compute` takes as `given`: a pass that several indicators share, from the first table. An engine that
            can hold it (`Engine.hold`) computes it once, where it would otherwise be planned anew for each use.
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
    apart: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    base: Callable[..., Any] | None = None

    def run(
        self, *tables: ibis.Table, apply: Apply = at_once, hold: Hold | None = None, **arguments: object
    ) -> pa.Table:
        """Compute on Ibis tables and fetch the rows, sorted by `key`, whatever the indicator's shape.

        Args:
            tables: of the record types in `records`, bound to the engine that does the work.
            apply: how that engine runs a kernel (`Engine.apply`).
            hold: how it keeps a table (`Engine.hold`).
            arguments: what `asks` names.
        """
        if self.series:
            apart = self.apart or tuple(name for name in self.key if name != "valid")
            rows = apply(partial(self.compute, **arguments), tables[0], apart)
        else:
            shared = {"given": self.base(tables[0], hold=hold)} if self.base and hold else {}
            rows = self.compute(*tables, **shared, **arguments).to_pyarrow()
        return rows.sort_by([(name, "ascending") for name in self.key])


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id, found by this folder's modules, in alphabetical order."""
    package = importlib.import_module(__package__ or "bongsu.indicators")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in names)
    return {module.INDICATOR.id: module.INDICATOR for module in modules if hasattr(module, "INDICATOR")}
