"""Strict reading of YAML mappings: fields are taken out by name and type; what is left over is an error."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from bongsu.language import BadInputError, Text

T = TypeVar("T")
_WRITTEN: dict[type, tuple[str, str]] = {
    str: ("따옴표로 묶은 글자", "quoted text"),
    list: ("목록", "a list"),
    dict: ("항목 묶음", "a mapping"),
}


class _StrictLoader(yaml.SafeLoader):
    """YAML in which only true and false are booleans (`on:` is a name here) and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"'{key}' stands twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def refuse(what: Text, where: str, mend: Text | None = None) -> NoReturn:
    """Raise BadInputError."""
    raise BadInputError(what, where=where, mend=mend)


def read_entry(path: Path) -> "Entry":
    """The mapping in the YAML file `path`; BadInputError names file and line where it is not one."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        shown = " ".join(str(error).split())
        refuse(
            Text(f"YAML로 읽을 수 없습니다({shown}).", f"cannot be read as YAML ({shown})."),
            path.name,
            Text("UTF-8과 들여쓰기를 확인하십시오.", "Check that it is UTF-8, and its indentation."),
        )
    return Entry(raw, path.name)


class Entry:
    """A mapping whose fields are taken one by one; `close()` refuses what nobody took.

    Args:
        raw: what the YAML holds at this place.
        where: file and field, as error messages name it.
    """

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            refuse(
                Text("항목 묶음이 아닙니다.", "is not a mapping."),
                where,
                Text("'이름: 값'으로 쓰십시오.", "Write 'name: value'."),
            )
        self.where = where
        self._left: dict[str, Any] = dict(raw)

    def at(self, name: str) -> str:
        """Where the field `name` stands."""
        return f"{self.where}: {name}"

    def take(self, name: str, kind: type[T]) -> T:
        """The field `name`, which must be there and of `kind`."""
        if name not in self._left:
            refuse(
                Text(f"'{name}' 필드가 없습니다.", f"the field '{name}' is missing."),
                self.where,
                Text("items/data/SCHEMA.md를 보십시오.", "See items/data/SCHEMA.md."),
            )
        return self._typed(name, self._left.pop(name), kind)

    def take_or(self, name: str, kind: type[T], default: T) -> T:
        """The field `name`, or `default` where it is absent or null."""
        value = self._left.pop(name, None)
        return default if value is None else self._typed(name, value, kind)

    def maybe(self, name: str, kind: type[T]) -> T | None:
        """The field `name`, or None where it is absent or null."""
        value = self._left.pop(name, None)
        return None if value is None else self._typed(name, value, kind)

    def _typed(self, name: str, value: object, kind: type[T]) -> T:
        fits = isinstance(value, kind)
        if kind in (int, float) and isinstance(value, bool):
            fits = False
        if kind is date and isinstance(value, datetime):
            fits = False
        if kind is str and isinstance(value, str) and not value.strip():
            fits = False
        if not fits:
            ko, en = _WRITTEN.get(kind, (kind.__name__, kind.__name__))
            refuse(
                Text(f"{value!r}: 형식이 다릅니다.", f"{value!r} is of the wrong kind."),
                self.at(name),
                Text(f"필요한 형식: {ko}.", f"It must be {en}."),
            )
        return value  # type: ignore[return-value]

    def blank(self, name: str) -> str:
        """The text field `name`, "" where it is absent, null or empty."""
        if self._left.get(name) == "":
            del self._left[name]
        return self.take_or(name, str, "")

    def text(self, name: str) -> Text:
        """The field `name` as {ko, en}."""
        entry = Entry(self.take(name, dict), self.at(name))
        text = Text(ko=entry.take("ko", str).strip(), en=entry.take("en", str).strip())
        entry.close()
        return text

    def maybe_text(self, name: str) -> Text | None:
        """The field `name` as {ko, en}, or None where it is absent or null."""
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return None
        return self.text(name)

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """The field `name`, one of `allowed`."""
        return self.one_of(name, self.take(name, str), allowed)

    def one_of(self, name: str, value: str, allowed: Sequence[str]) -> str:
        """`value`, taken from the field `name`, where it is one of `allowed`."""
        if value not in allowed:
            shown = ", ".join(allowed)
            refuse(
                Text(f"'{value}'은(는) 쓸 수 없는 값입니다.", f"'{value}' is not one of the values."),
                self.at(name),
                Text(f"쓸 수 있는 값: {shown}.", f"It must be one of: {shown}."),
            )
        return value

    def strings(self, name: str) -> tuple[str, ...]:
        """The field `name` as a list of texts without repetition; empty where absent."""
        values = [self._typed(name, value, str) for value in self.take_or(name, list, [])]
        if len(set(values)) < len(values):
            refuse(
                Text("같은 값이 두 번 있습니다.", "a value stands twice."),
                self.at(name),
                Text("하나를 지우십시오.", "Remove one."),
            )
        return tuple(values)

    def some_strings(self, name: str) -> tuple[str, ...]:
        """Like `strings`, of one text at least."""
        if not (values := self.strings(name)):
            refuse(
                Text("비어 있습니다.", "is empty."),
                self.at(name),
                Text("하나 이상 적으십시오.", "Give one at least."),
            )
        return values

    def entries(self, name: str) -> Iterator["Entry"]:
        """The field `name` as a list of mappings, each closed after its turn; none where absent."""
        for number, raw in enumerate(self.take_or(name, list, []), start=1):
            entry = Entry(raw, f"{self.at(name)}[{number}]")
            yield entry
            entry.close()

    def entry(self, name: str) -> "Entry":
        """The field `name` as a mapping."""
        return Entry(self.take(name, dict), self.at(name))

    def names(self) -> tuple[str, ...]:
        """The fields not yet taken."""
        return tuple(map(str, self._left))

    def close(self) -> None:
        """Refuse what is left over."""
        if self._left:
            shown = ", ".join(self.names())
            refuse(
                Text(f"모르는 필드: {shown}.", f"unknown fields: {shown}."),
                self.where,
                Text(
                    "이름을 고치거나 지우십시오(items/data/SCHEMA.md).",
                    "Correct the name or remove it (items/data/SCHEMA.md).",
                ),
            )
