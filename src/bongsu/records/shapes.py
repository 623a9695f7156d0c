"""The typed shapes of records: one `RecordType` for each Delta table, its key, its values, its schema version.

Every table carries the columns of `LAKE_COLUMNS` beside its own; the lake fills most of them. A reader of a source
(`sources/<name>/read.py`) gives the columns of `RecordType.reader_schema`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")

# What a reader states about each row, beside the fact itself.
READER_COLUMNS = (
    pa.field("known_at", INSTANT, nullable=False),  # when the world could first know the fact
    pa.field("known_basis", pa.string(), nullable=False),  # stated | lag | assumed
    pa.field("raw", pa.int32(), nullable=False),  # which raw file of the delivery, from 0
    pa.field("raw_row", pa.int64(), nullable=False),  # its row there, from 1; the first one when several add up
    pa.field("raw_rows", pa.int32(), nullable=False),  # how many raw rows the record adds up; 1 as a rule
)

# What the lake itself writes.
LAKE_COLUMNS = (
    pa.field("vintage", INSTANT, nullable=False),  # when the delivery that says so was published
    pa.field("version", pa.int32(), nullable=False),  # 0 for the row that came first; each next one supersedes it
    pa.field("late", pa.bool_(), nullable=False),  # came after a later vintage: the fact's versions need sorting
    pa.field("withdrawn", pa.bool_(), nullable=False),  # the publisher no longer states the fact
    pa.field("delivery", pa.int64(), nullable=False),  # journal sequence: read_at, raw bytes, URL, hash
)

KNOWN_BASES = ("stated", "lag", "assumed")
FREQUENCIES = ("D", "W", "M", "Q", "A")


@dataclass(frozen=True)
class RecordType:
    """The shape of one kind of record.

    Args:
        name: the table's name.
        key: columns that name a fact; two rows with one key are versions of one fact. Never null.
        values: columns that hold what is said of it; null means unknown.
        cluster: columns that compaction sorts by, the ones that readers ask for first.
        edition: key columns that tell one series of editions from another: whose table, whatever its goods and months.
        schema_version: raised with each change of the shape; old rows are upgraded on read.
    """

    name: str
    key: tuple[pa.Field, ...]
    values: tuple[pa.Field, ...]
    cluster: tuple[str, ...]
    schema_version: int = 1
    edition: tuple[str, ...] = ("source",)

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """Names of the key columns, in order."""
        return tuple(field.name for field in self.key)

    @cached_property
    def value_names(self) -> tuple[str, ...]:
        """Names of the value columns, in order."""
        return tuple(field.name for field in self.values)

    @cached_property
    def reader_schema(self) -> pa.Schema:
        """What a source's reader gives."""
        return pa.schema([*self.key, *self.values, *READER_COLUMNS])

    @cached_property
    def nullable_schema(self) -> pa.Schema:
        """What the lake stores, as an engine reads it back: every column may be null."""
        return pa.schema([pa.field(field.name, field.type) for field in self.schema])

    @cached_property
    def schema(self) -> pa.Schema:
        """What the lake stores."""
        return pa.schema([*self.key, *self.values, *READER_COLUMNS, *LAKE_COLUMNS])


def _key(*names_and_types: tuple[str, pa.DataType]) -> tuple[pa.Field, ...]:
    return tuple(pa.field(name, type_, nullable=False) for name, type_ in names_and_types)


def _values(*names_and_types: tuple[str, pa.DataType]) -> tuple[pa.Field, ...]:
    return tuple(pa.field(name, type_) for name, type_ in names_and_types)


TEXT, DAY, NUMBER = pa.string(), pa.date32(), pa.float64()

TRADE_FLOW = RecordType(
    "trade_flow",
    key=_key(
        ("source", TEXT),
        ("reporter", TEXT),  # ISO alpha-3, or a group such as EU
        ("flow", TEXT),  # import | export
        ("partner", TEXT),  # ISO alpha-3, a group such as EU, or an aggregate: W00 world, X00 not specified
        ("code_system", TEXT),  # HS | HTS | SCHEDULE_B | HSK | CN | JP_STAT | SITC
        ("code", TEXT),  # digits only, leading zeros kept: 2, 4, 6, 8, 9 or 10 of them
        ("valid", DAY),  # first day of the period
        ("frequency", TEXT),  # M | Q | A
    ),
    values=_values(
        ("value", NUMBER),
        ("currency", TEXT),
        ("quantity", NUMBER),
        ("quantity_unit", TEXT),
        ("weight_kg", NUMBER),
    ),
    cluster=("reporter", "flow", "code", "valid", "partner"),
    edition=("source", "reporter", "flow", "partner", "frequency"),
)

PRICE = RecordType(
    "price",
    key=_key(("source", TEXT), ("series", TEXT), ("valid", DAY), ("frequency", TEXT)),
    values=_values(("name", TEXT), ("value", NUMBER), ("currency", TEXT), ("unit", TEXT)),
    cluster=("series", "valid"),
)

TRANSIT = RecordType(
    "transit",
    key=_key(("source", TEXT), ("chokepoint", TEXT), ("ship_class", TEXT), ("valid", DAY), ("frequency", TEXT)),
    values=_values(("transits", NUMBER), ("capacity_dwt", NUMBER)),
    cluster=("chokepoint", "ship_class", "valid"),
)

# One row for each thing that happens to a limb of an act, so that a read as of a day sees no later event.
MEASURE = RecordType(
    "measure",
    key=_key(
        ("source", TEXT),
        ("jurisdiction", TEXT),  # ISO alpha-3 or a group
        ("issuer", TEXT),
        ("number", TEXT),
        ("limb", TEXT),  # "" for an act of one limb
        ("event", TEXT),  # issued | suspended | ended
        ("valid", DAY),  # the day the event itself says: published, suspended from, ended on
    ),
    values=_values(
        ("title", TEXT),
        ("announced", DAY),
        ("published", DAY),
        ("effective", DAY),
        ("until", DAY),  # a suspension's stated end
        ("by", TEXT),  # the act that suspends or ends
        ("instrument", TEXT),
        ("direction", TEXT),
        ("hs_codes", pa.list_(TEXT)),
        ("subject", TEXT),
        ("affected", pa.list_(TEXT)),  # ISO alpha-3; empty: all countries; null: unknown
        ("citation", TEXT),
    ),
    cluster=("jurisdiction", "valid", "issuer", "number", "limb", "event"),
)

DEPENDENCE = RecordType(
    "dependence",
    key=_key(
        ("source", TEXT),
        ("reporter", TEXT),
        ("partner", TEXT),
        ("code_system", TEXT),
        ("code", TEXT),
        ("subject", TEXT),  # the goods in the publisher's words: a code may be wider than the fact
        ("measure", TEXT),  # import value | import volume
        ("valid", DAY),
        ("valid_until", DAY),  # last day of the period
    ),
    values=_values(("share", NUMBER), ("import_value_usd", NUMBER), ("citation", TEXT)),
    cluster=("reporter", "code", "partner", "valid"),
)

# One row for each line of a publisher's table, its lines without a figure included: who is listed and withheld is known.
PRODUCTION = RecordType(
    "production",
    key=_key(
        ("source", TEXT),
        ("commodity", TEXT),  # our word for it, one over all editions and sources: graphite, rare_earths
        ("measure", TEXT),  # production | capacity | reserves | use
        ("stage", TEXT),  # mine | smelter | refinery | primary | plant | extraction | processing; "" where none is said
        ("detail", TEXT),  # what is weighed, or used for what, where one commodity has several: iron content; else ""
        ("country", TEXT),  # ISO alpha-3; never a country: W00 world total, X00 other countries, CAN+USA both together
        ("valid", DAY),
        ("valid_until", DAY),  # last day of the period
        ("frequency", TEXT),  # A: a yearly figure; the yearly average where the period is longer than a year
    ),
    values=_values(
        ("value", NUMBER),  # null where no single figure is stated
        ("unit", TEXT),  # t, kt, kg, …; "share" is of the whole world's, 0–1
        ("least", NUMBER),  # bounds, where the table prints ">", "<" or a range
        ("most", NUMBER),
        ("rounded_to", NUMBER),  # the figure is printed to multiples of this
        ("estimated", pa.bool_()),  # null where the table does not say
        ("stated", TEXT),  # what stands there: one of STATED
        ("mark", TEXT),  # what is printed in place of a figure: W, NA, XX, Large, …
        ("in_total", pa.bool_()),  # false where the World total leaves the line out by its own word; else null
        ("note", TEXT),
    ),
    cluster=("commodity", "measure", "stage", "country", "valid"),
)
# What a line of a production table says: a figure; only bounds; withheld; not available; not applicable; counted in
# another line or table; counted in the World total only; a word such as "Large"; listed without anything.
STATED = (
    "figure",
    "bounds",
    "withheld",
    "not available",
    "not applicable",
    "included elsewhere",
    "included in total",
    "words",
    "blank",
)

# What a reviewed report of a mission says of one item: its bones alone, no prose and no personal data. A report that is
# withdrawn is withdrawn here as any fact is.
STATEMENT = RecordType(
    "statement",
    key=_key(
        ("source", TEXT),
        ("report", TEXT),  # its number in the database of the people's side
        ("item", TEXT),
    ),
    values=_values(
        ("place", TEXT),  # ISO alpha-3 of the country that it is about
        ("valid", DAY),  # the day of what was seen
        ("mission", TEXT),  # who filed it
        ("origin", TEXT),  # one of ORIGINS: who told the mission
        ("reliability", TEXT),  # of that source, A–F
        ("credibility", pa.int8()),  # of what it says, 1–6
        ("bearing", TEXT),  # one of BEARINGS: where supply goes by it; null: not said
        ("instrument", TEXT),  # of an act that it tells of, in the words of `measure`
        ("direction", TEXT),
        ("grade", TEXT),  # one of `marking.GRADES`
        ("tlp", TEXT),  # one of `marking.TLPS`
    ),
    cluster=("item", "report"),
)
ORIGINS = ("official", "press", "firm", "agency", "own")
BEARINGS = ("tighter", "easier", "steady")
RELIABILITIES, CREDIBILITIES = "ABCDEF", range(1, 7)
# The floor publishes these itself, out of its own database: no bundle of a collector carries them, in or out.
FLOOR_SOURCE = "mission_reports"
FLOOR_RECORDS = (STATEMENT,)

# A stage that an authority declares by law (공식 경보), in its own words: one row for each thing that happens to it, as of
# a measure. It stands beside the level; no detector reads it.
OFFICIAL_ALERT = RecordType(
    "official_alert",
    key=_key(
        ("source", TEXT),
        ("jurisdiction", TEXT),  # ISO alpha-3 or a group
        ("law", TEXT),  # the act, plan or manual that the stage is one of
        ("issuer", TEXT),
        ("topic", TEXT),  # what it is about, in the issuer's words
        ("event", TEXT),  # declared | ended
        ("valid", DAY),  # the first day of the stage, or the day on which it was ended
    ),
    values=_values(
        ("stage", TEXT),  # in the issuer's words; null where the law knows no stages
        ("items", pa.list_(TEXT)),  # ids of watched items; null: not said
        ("hs_codes", pa.list_(TEXT)),
        ("areas", pa.list_(TEXT)),  # where, ISO alpha-3; null: not said
        ("published", DAY),
        ("until", DAY),  # the stated last day
        ("citation", TEXT),
    ),
    cluster=("jurisdiction", "law", "issuer", "topic", "valid", "event"),
)

RECORD_TYPES = {
    type_.name: type_
    for type_ in (TRADE_FLOW, PRICE, TRANSIT, MEASURE, DEPENDENCE, PRODUCTION, STATEMENT, OFFICIAL_ALERT)
}


def record_type(name: str, known: Iterable[RecordType] = RECORD_TYPES.values()) -> RecordType:
    """The record type called `name`; KeyError where there is none."""
    return {type_.name: type_ for type_ in known}[name]
