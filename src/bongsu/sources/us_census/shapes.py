"""The shapes in which Census figures come, told apart by their columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bongsu.language import BadInputError, Text
from bongsu.sources.opening import Opened


@dataclass(frozen=True)
class Shape:
    """One layout of columns.

    Args:
        flow: import or export.
        code: the column of the commodity code.
        period: the column of the month.
        partner: the column of the partner, and `partner_kind` what it holds.
        value: the value columns, best first; the first that the file has is read.
        one_partner: the partner where the column is empty.
        frequency: A where the value is a year's, else M.
        duplicates: what to do with rows of one key.
        other_codes: columns to look into where `code` is empty, best first.
    """

    flow: str
    code: str
    period: str
    partner: str
    partner_kind: str
    value: tuple[str, ...]
    quantity: str = ""
    quantity_unit: str = ""
    one_partner: str | None = None
    frequency: str = "M"
    duplicates: str = "quarantine"
    other_codes: tuple[str, ...] = ()
    wanted: tuple[str, ...] = field(default=())


_CHINA = Shape(
    "export", "hs6", "time", "CTY_CODE", "census", ("china_exports",), "china_exports_quant", "quant_type",
    one_partner="CHN", duplicates="add", other_codes=("hs4_o", "hs4"), wanted=("hs4", "hs4_o"),
)  # fmt: skip
_TOP20 = Shape("import", "I_COMMODITY", "time", "CTY_NAME", "name", ("imports",))
_EXPORTS = Shape(
    "export", "E_COMMODITY", "time", "CTY_CODE", "census", ("ALL_VAL_MO",), "QTY_1_MO", "UNIT_QY1"
)  # fmt: skip
_YEARLY = Shape("import", "I_COMMODITY", "time", "CTY_CODE", "census", ("CON_VAL_YR", "GEN_VAL_YR"), frequency="A")
_IMPORTS = Shape(
    "import", "I_COMMODITY", "time", "CTY_CODE", "census", ("GEN_VAL_MO", "CON_VAL_MO"), "GEN_QY1_MO", "UNIT_QY1"
)  # fmt: skip

SHAPES: Mapping[str, Shape] = {
    "exports to China by HS6": _CHINA,
    "monthly exports": _EXPORTS,
    "monthly imports": _IMPORTS,
    "yearly imports": _YEARLY,
    "imports by HS2 with a TOTAL": _TOP20,
}


def shape_of(opened: Opened) -> Shape:
    """The shape of a file; BadInputError lists the columns that each known shape has."""
    has = set(opened.table.column_names)
    for shape in SHAPES.values():
        needed = {shape.code, shape.period, shape.partner, *shape.wanted}
        if needed <= has and has & set(shape.value):
            return shape
    expected = "; ".join(
        f"{name}: {', '.join((shape.code, shape.period, shape.partner, *shape.wanted))}, {' | '.join(shape.value)}"
        for name, shape in SHAPES.items()
    )
    raise BadInputError(
        Text(
            f"미국 통계국 파일의 열이 아닙니다: {', '.join(sorted(has))}.",
            f"these are not the columns of a Census file: {', '.join(sorted(has))}.",
        ),
        where=opened.name,
        mend=Text(
            f"알고 있는 꼴: {expected}. 다른 꼴이면 flows_table과 매핑을 쓰십시오.",
            f"Known shapes: {expected}. For any other use flows_table with a mapping.",
        ),
    )
