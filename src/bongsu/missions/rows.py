"""Reads the network's YAML files strictly: fields are taken out by name, what is left over is an error."""

import re
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import yaml

from bongsu.language import BadInputError, Text

CODE3 = re.compile(r"[A-Z]{3}")
_MISSING = object()


class _StrictLoader(yaml.SafeLoader):
    """A YAML loader for which the same key twice is an error, not the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Construct one mapping; ConstructorError where a key stands twice."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key}' twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_table(path: Path, table: str) -> "tuple[list[Row], dict[str, Text]]":
    """The rows under `table` and the file's named sources; BadInputError where it cannot be read."""
    where = "/".join(path.parts[-3:])
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        raise BadInputError(
            Text("파일이 없습니다.", "the file is missing."),
            where=str(path),
            mend=Text("망 자료 폴더에는 네 파일이 모두 있어야 합니다.", "A network folder holds all four files."),
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise BadInputError(
            Text(f"YAML로 읽을 수 없습니다({reason}).", f"cannot be read as YAML ({reason})."),
            where=where,
            mend=Text("표시된 줄을 고치십시오.", "Correct the line that it names."),
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get(table), list):
        raise BadInputError(
            Text(f"'{table}' 목록이 없습니다.", f"holds no list '{table}'."),
            where=where,
            mend=Text(
                f"맨 위에 '{table}:'를 두고 항목을 나열하십시오.",
                f"Put '{table}:' at the top, then its entries.",
            ),
        )
    sources = {
        str(name): Row(where, f"sources.{name}", {"text": text}, {}).text("text")
        for name, text in (content.get("sources") or {}).items()
    }
    return [_row(where, number, entry, sources) for number, entry in enumerate(content[table], 1)], sources


def _row(where: str, number: int, entry: object, sources: dict[str, Text]) -> "Row":
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        Row(where, f"#{number}", {}, {}).refuse(
            Text("'id'가 있는 항목이 아닙니다.", "is not an entry with an 'id'."),
            Text("항목마다 따옴표 없는 영문 id를 주십시오.", "Give each entry an id of letters."),
        )
    return Row(where, entry["id"], dict(entry), sources)


class Row:
    """One entry of a file; its fields are taken out one by one, and errors name file and entry."""

    def __init__(self, where: str, name: str, fields: dict[Any, Any], sources: dict[str, Text]) -> None:
        self.name = name
        self._where = where
        self._fields = fields
        self._sources = sources

    def refuse(self, what: Text, mend: Text) -> NoReturn:
        """Stop with an error about this entry."""
        raise BadInputError(what, where=f"{self._where}: {self.name}", mend=mend)

    def take(self, field: str, default: object = _MISSING) -> Any:  # noqa: ANN401 - YAML holds anything
        """The field's value as YAML gives it, or `default`; an error where it is missing and has none."""
        value = self._fields.pop(field, default)
        if value is _MISSING:
            self.refuse(
                Text(f"'{field}' 항목이 없습니다.", f"lacks the field '{field}'."),
                Text(f"'{field}'를 적으십시오.", f"Add '{field}'."),
            )
        return value

    def text(self, field: str) -> Text:
        """A required text in both languages, written `{ko: …, en: …}`."""
        found = self.text_or_none(field)
        return found if found is not None else self._wrong(field, Text("한·영 문구", "a text in both languages"))

    def text_or_none(self, field: str) -> Text | None:
        """A text in both languages, or None where the field is absent or null."""
        value = self.take(field, None)
        if value is None:
            return None
        meaning = Text("{ko: …, en: …} 형식의 한·영 문구", "a text {ko: …, en: …} in both languages")
        if not isinstance(value, dict) or set(value) != {"ko", "en"}:
            self._wrong(field, meaning)
        if not all(isinstance(part, str) and part.strip() for part in value.values()):
            self._wrong(field, meaning)
        return Text(value["ko"].strip(), value["en"].strip())

    def words(self, field: str, like: re.Pattern[str], meaning: Text) -> tuple[str, ...]:
        """A list of distinct words that match `like`; empty where the field is absent."""
        value = self.take(field, ())
        if not isinstance(value, list | tuple) or len(set(map(str, value))) != len(value):
            self._wrong(field, meaning)
        return tuple(self._matched(field, one, like, meaning) for one in value)

    def word(self, field: str, like: re.Pattern[str], meaning: Text) -> str:
        """A required word that matches `like`."""
        return self._matched(field, self.take(field), like, meaning)

    def day(self, field: str) -> date | None:
        """A bare date (`2025-10-01`), or None."""
        value = self.take(field, None)
        if value is not None and type(value) is not date:
            self._wrong(field, Text("따옴표 없는 날짜(예: 2025-10-01)", "a bare date such as 2025-10-01"))
        return value

    def period(self) -> tuple[date | None, date | None]:
        """`valid_from` and `valid_until`, in order."""
        first, last = self.day("valid_from"), self.day("valid_until")
        if first is not None and last is not None and last < first:
            self.refuse(
                Text(f"끝({last})이 시작({first})보다 앞섭니다.", f"ends ({last}) before it begins ({first})."),
                Text("두 날짜를 확인하십시오.", "Check the two dates."),
            )
        return first, last

    def source(self) -> Text:
        """The entry's source: the name of one under `sources` in the file."""
        name = self.take("source")
        if name not in self._sources:
            self._wrong("source", Text("파일의 sources에 있는 이름", "a name listed under 'sources' in the file"))
        return self._sources[name]

    def checked(self) -> bool:
        """Did somebody compare the entry with its source? False unless the entry says so."""
        value = self.take("checked", default=False)
        return value if isinstance(value, bool) else self._wrong("checked", Text("true 또는 false", "true or false"))

    def close(self) -> None:
        """Refuse fields that nobody took."""
        if self._fields:
            left = ", ".join(map(str, self._fields))
            self.refuse(
                Text(f"모르는 항목이 있습니다: {left}.", f"has unknown fields: {left}."),
                Text("철자를 확인하거나 지우십시오.", "Check the spelling, or remove them."),
            )

    def _matched(self, field: str, value: object, like: re.Pattern[str], meaning: Text) -> str:
        return value if isinstance(value, str) and like.fullmatch(value) else self._wrong(field, meaning)

    def _wrong(self, field: str, meaning: Text) -> NoReturn:
        self.refuse(
            Text(f"'{field}' 값이 잘못되었습니다.", f"has a wrong '{field}'."),
            Text(f"{meaning.ko}(으)로 적으십시오.", f"Write {meaning.en}."),
        )


def by_id(rows: list[Row], build: Callable[[Row], Any]) -> dict[str, Any]:
    """What `build` makes of the rows, by id; BadInputError for an id given twice or a field left over."""
    table: dict[str, Any] = {}
    for row in rows:
        if row.name in table:
            row.refuse(
                Text("같은 id가 두 번 있습니다.", "stands twice."),
                Text("한쪽의 id를 바꾸거나 지우십시오.", "Rename or remove one of the two."),
            )
        row.take("id")
        table[row.name] = build(row)
        row.close()
    return table
