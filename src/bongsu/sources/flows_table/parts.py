"""The parts that a mapping is made of, each read with an error that says where it is wrong."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, cast

from bongsu.language import BadInputError, Text


def bad(ko: str, en: str, where: str, mend: Text | None = None) -> BadInputError:
    """What is said of a mapping that cannot be used."""
    return BadInputError(Text(ko, en), where=where, mend=mend)


def known_keys(raw: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """BadInputError for keys that are not `known`, with the nearest that is."""
    unknown = [str(key) for key in raw if key not in known]
    if unknown:
        near = [f"{key} → {close[0]}" for key in unknown if (close := get_close_matches(key, known, 1))]
        raise bad(
            f"매핑에 모르는 항목이 있습니다: {', '.join(unknown)}.",
            f"the mapping has unknown keys: {', '.join(unknown)}.",
            where,
            Text(
                (f"혹시: {', '.join(near)}. " if near else "") + f"쓸 수 있는 항목: {', '.join(known)}.",
                (f"Did you mean: {', '.join(near)}. " if near else "") + f"Known: {', '.join(known)}.",
            ),
        )


def section(raw: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """The part of `raw` under `key`, names to values; empty where it is absent."""
    found = raw.get(key) or {}
    if not isinstance(found, Mapping):
        raise bad(f"{key} 항목은 '이름: 값' 꼴이어야 합니다.", f"{key} must be a list of `name: value`.", where)
    return cast("Mapping[str, Any]", found)


def strings(cells: Mapping[str, Any]) -> dict[str, str]:
    """Names and values as text."""
    return {str(key): str(value) for key, value in cells.items()}


def text(raw: Mapping[str, Any], key: str, where: str) -> str | None:
    """A word; None where it is absent."""
    value = raw.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip() or not value.isprintable()):
        raise bad(f"{key} 값은 빈칸이 아닌 글자여야 합니다.", f"{key} must be a word, not {value!r}.", where)
    return value


def texts(raw: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> dict[str, str]:
    """A part whose names are among `known`, its values as text."""
    found = section(raw, key, where)
    known_keys(found, known, f"{where}: {key}")
    return strings(found)


def one_of(value: Any, known: tuple[str, ...], where: str) -> str:  # noqa: ANN401 - parsed YAML
    """The value, if it is one of `known`."""
    if value not in known:
        listed = ", ".join(known)
        raise bad(f"'{value}'은(는) 쓸 수 없습니다. 가능한 값: {listed}.", f"'{value}' is none of: {listed}.", where)
    return str(value)


def yes(raw: Mapping[str, Any], key: str, where: str) -> bool:
    """True or false; false where it is absent."""
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise bad(f"{key}는 true나 false입니다.", f"{key} must be true or false.", where)
    return value


def lists(raw: Mapping[str, Any], key: str, where: str) -> dict[str, tuple[str, ...]]:
    """A part of names to lists of words; a single word is a list of one."""
    return {
        name: tuple(map(str, cells if isinstance(cells, list) else [cells]))
        for name, cells in section(raw, key, where).items()
    }
