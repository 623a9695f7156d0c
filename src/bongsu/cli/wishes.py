"""What a user sets for runs: keys, which are secret and the user's own, and what to ask for, which is the lake's.

keys     the variable BONGSU_KEY_<SOURCE>, or a line `<source>: <key>` in keys.yml of the user's settings folder
         (another file: BONGSU_KEYS)
wants    wants.yml in the lake's folder: source → first period, and any of the names in its `settings.wants`
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs
import yaml

from bongsu.cli.session import Session
from bongsu.language import BadInputError, Text, UsageError
from bongsu.sources.due import key_variable
from bongsu.sources.source import Source

SHORTEST_KEY = 8  # as `bongsu.http` has it: a shorter one cannot be hidden in what is printed
OTHERS = 0o077  # permissions of the group and of everybody

Wants = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Wish:
    """What is wanted of one source."""

    first: date | None = None
    wants: Wants = field(default_factory=dict)


def keys_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where a user keeps keys."""
    return Path(environment.get("BONGSU_KEYS") or platformdirs.user_config_path("bongsu") / "keys.yml")


def wants_file(session: Session) -> Path:
    """Where a lake keeps what is wanted."""
    return session.folder / "wants.yml"


def keys(session: Session, sources: Iterable[Source], environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Source id → the user's key. A variable goes before the file.

    Raises:
        BadInputError, UsageError: a file that is no such list, an unknown source, a key too short to be one.
    """
    every = {one.id: one for one in sources}
    file = keys_file(environment)
    kept = _mapping(file)
    _check_names(kept, every, file)
    _warn_of_readers(session, file)
    found: dict[str, str] = {}
    for id_, source in every.items():
        names = (key_variable(source), f"BONGSU_KEY_{id_.upper()}")
        told = next(((environment[name], name) for name in names if environment.get(name)), None)
        key, where = told or (kept.get(id_, ""), f"{file}: {id_}")
        if key:
            found[id_] = _key(key, where)
    return found


def wishes(session: Session, sources: Iterable[Source]) -> dict[str, Wish]:
    """Source id → what is wanted of it: the user's word, and the source's own where the user said nothing.

    Raises:
        BadInputError: a file that is no such list, a source or a name that there is not, a day that is none.
    """
    every = {one.id: one for one in sources}
    file = wants_file(session)
    said = _mapping(file)
    _check_names(said, every, file)
    return {id_: _wish(source, said.get(id_) or {}, f"{file}: {id_}") for id_, source in every.items()}


def as_yaml(session: Session, found: Mapping[str, Wish]) -> str:
    """What is wanted, in the words of wants.yml, under a line that says where it stands."""
    body = {
        id_: {
            **({"first": wish.first.isoformat()} if wish.first else {}),
            **{name: list(values) for name, values in wish.wants.items()},
        }
        for id_, wish in found.items()
    }
    head = session.say(
        Text(
            "# 받을 범위. 고쳐서 {file} 에 두면 다음 실행부터 따릅니다. first는 첫 기간입니다(예: 2015-01).",
            "# What is asked for. Change it and put it at {file}; the next run follows it. `first` is the first period (2015-01).",
        ).format(file=wants_file(session))
    )
    return f"{head}\n{yaml.safe_dump(body, allow_unicode=True, sort_keys=False, default_flow_style=None)}"


def _wish(source: Source, said: Any, where: str) -> Wish:  # noqa: ANN401 - whatever the user wrote
    if not isinstance(said, Mapping):
        raise BadInputError(Text("'이름: 값' 꼴이어야 합니다.", "it must be made of `name: value` lines."), where=where)
    defaults = {name: _values(value) for name, value in (source.settings.get("wants") or {}).items()}
    unknown = sorted(set(said) - {"first", *defaults})
    if unknown:
        names = ", ".join(["first", *defaults])
        raise BadInputError(
            Text(f"없는 이름입니다: {', '.join(unknown)}.", f"there is no {', '.join(unknown)} to choose."),
            where=where,
            mend=Text(f"쓸 수 있는 이름: {names}.", f"There are: {names}."),
        )
    told = {name: _values(value) for name, value in said.items() if name != "first"}
    return Wish(_first(said.get("first"), where), {**defaults, **told})


def _values(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - likewise
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _first(said: Any, where: str) -> date | None:  # noqa: ANN401 - likewise
    if not said:
        return None
    text = str(said)
    try:
        return date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))
    except ValueError:
        raise BadInputError(
            Text(f"first의 '{text}' 값은 날짜가 아닙니다.", f"first: '{text}' is no date."),
            where=where,
            mend=Text("2015, 2015-01 또는 2015-01-01 처럼 쓰십시오.", "Write 2015, 2015-01 or 2015-01-01."),
        ) from None


def _mapping(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file, every scalar as the text that stands there: a code keeps its zeros."""
    if not file.exists():
        return {}
    try:
        found = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506 - makes texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        # Of the error only the line is told: its words may repeat a key.
        mark = getattr(error, "problem_mark", None)
        raise BadInputError(
            Text("읽을 수 없는 YAML입니다.", "it is no YAML that can be read."),
            where=f"{file}:{mark.line + 1}" if mark else str(file),
            mend=Text("그 줄의 들여쓰기와 쌍점을 확인하십시오.", "Check that line's indentation and colons."),
        ) from None
    if found in ("", None):
        return {}
    if not isinstance(found, dict):
        raise BadInputError(
            Text("'출처: …' 꼴이어야 합니다.", "it must be made of `source: …` lines."), where=str(file)
        )
    return found


def _check_names(said: Mapping[str, Any], every: Mapping[str, Source], file: Path) -> None:
    unknown = sorted(set(said) - set(every))
    if unknown:
        raise BadInputError(
            Text(f"없는 출처입니다: {', '.join(unknown)}.", f"there is no source {', '.join(unknown)}."),
            where=str(file),
            mend=Text(f"있는 출처: {', '.join(every)}.", f"There are: {', '.join(every)}."),
        )


def _key(key: Any, where: str) -> str:  # noqa: ANN401 - whatever the user wrote
    if not isinstance(key, str) or len(key.strip()) < SHORTEST_KEY:
        raise UsageError(
            Text("인증키가 너무 짧습니다.", "the key is too short to be one."),
            where=where,
            mend=Text("발급받은 인증키 전체를 다시 입력해 주십시오.", "Enter the whole key as it was issued."),
        )
    return key.strip()


def _warn_of_readers(session: Session, file: Path) -> None:
    if os.name == "posix" and file.exists() and file.stat().st_mode & OTHERS:
        said = Text(
            "{file}: 다른 사람도 읽을 수 있습니다. chmod 600 으로 막으십시오.",
            "{file}: others can read it. Close it with chmod 600.",
        )
        session.err.print(session.say(said.format(file=file)))
