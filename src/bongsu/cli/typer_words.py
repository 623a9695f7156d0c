"""Typer speaks only English: here its errors and the frame of its help pages are told in our own words."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from bongsu.language import Text, UsageError

_NAMED = re.compile(r"'([^']*)'")
_EXTRA = re.compile(r"\(([^()]*)\)$")
_FRAME = MappingProxyType(
    {
        "ARGUMENTS_PANEL_TITLE": "인자",
        "OPTIONS_PANEL_TITLE": "선택항목",
        "COMMANDS_PANEL_TITLE": "명령",
        "DEFAULT_STRING": "[기본값: {}]",
        "ENVVAR_STRING": "[환경 변수: {}]",
        "REQUIRED_LONG_STRING": "[필수]",
    }
)
_OPTIONS = MappingProxyType({
    "help": "이 도움말을 보이고 끝냅니다.",
    "install_completion": "지금 쓰는 셸에 자동 완성을 설치합니다.",
    "show_completion": "자동 완성 설정을 보여 줍니다.",
})  # fmt: skip


def speak_korean(app: typer.Typer) -> TyperGroup:
    """The command behind `app`, with the frame of its help pages (headings, defaults, --help itself) in Korean."""
    from typer import rich_utils  # noqa: PLC0415 - only a help page needs it

    for name, words in _FRAME.items():
        setattr(rich_utils, name, words)
    group = cast("TyperGroup", typer.main.get_command(app))
    context = typer.Context(group, **group.context_settings)
    for command in (group, *_within(group)):
        for option in command.get_params(context):
            if option.name in _OPTIONS and isinstance(option, TyperOption):
                option.help = _OPTIONS[option.name]
    return group


def verbs(group: TyperGroup) -> Mapping[str, TyperCommand]:
    """Every verb that does something, by what is typed after `bongsu`: `watch`, `floor init`."""
    found: dict[str, TyperCommand] = {}
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found |= {f"{name} {verb}": one for verb, one in verbs(command).items()}
        else:
            found[name] = cast("TyperCommand", command)
    return found


def _within(group: TyperGroup) -> Iterator[TyperCommand | TyperGroup]:
    for command in group.commands.values():
        yield cast("TyperCommand | TyperGroup", command)
        if isinstance(command, TyperGroup):
            yield from _within(command)


def told(error: typer.TyperException) -> UsageError:
    """Our error for one of Typer's: what is wrong, in which command, and where to look."""
    tell = next((_TOLD[one.__name__] for one in type(error).__mro__ if one.__name__ in _TOLD), _other)
    verb = str(getattr(getattr(error, "ctx", None), "command_path", "bongsu"))
    return UsageError(tell(error), where=verb, mend=Text(f"쓰는 법: {verb} --help", f"See {verb} --help"))


def _name(error: typer.TyperException) -> str:
    """The option or argument that the error is about, as the help shows it."""
    param: Any = getattr(error, "param", None)
    if param is None:
        return "?"
    options = [name for name in param.opts if name.startswith("-")]
    return str(options[0] if options else param.metavar or param.name.upper())


def _no_such_option(error: typer.TyperException) -> Text:
    name = getattr(error, "option_name", "?")
    near = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
    return Text(
        f"{name} 선택항목은 없습니다." + (f" 비슷한 것: {near}." if near else ""),
        f"there is no option {name}." + (f" Did you mean {near}?" if near else ""),
    )


def _missing(error: typer.TyperException) -> Text:
    name = _name(error)
    return Text(f"빠진 것이 있습니다: {name}.", f"{name} is missing.")


def _not_valid(error: typer.TyperException) -> Text:
    kinds: Mapping[Any, Text] = {int: Text("정수를 주십시오.", "Give a whole number.")}
    kind = getattr(getattr(getattr(error, "param", None), "type_descriptor", None), "annotation", None)
    wanted = kinds.get(kind, Text("값을 확인하십시오.", "Check the value."))
    return Text("{name} 값이 잘못되었습니다. {wanted}", "the value of {name} is not valid. {wanted}").format(
        name=_name(error), wanted=wanted
    )


def _ill_used(error: typer.TyperException) -> Text:
    name = getattr(error, "option_name", "?")
    if "requires" in error.format_message():
        return Text(f"{name} 뒤에 값이 없습니다.", f"{name} needs a value.")
    return Text(f"{name}에는 값을 붙이지 않습니다.", f"{name} takes no value.")


def _other(error: typer.TyperException) -> Text:
    """An unknown command, words too many: Typer tells these apart by its sentences only."""
    words = error.format_message()
    if words.startswith("No such command"):
        named = _NAMED.search(words)
        name = named[1] if named else "?"
        return Text(f"'{name}' 명령은 없습니다.", f"there is no command '{name}'.")
    if extra := _EXTRA.search(words):
        return Text(f"필요 없는 말이 붙었습니다: {extra[1]}.", f"there are words too many: {extra[1]}.")
    return Text(f"명령을 알아들을 수 없습니다 ({words}).", f"the command cannot be understood ({words}).")


_TOLD: Mapping[str, Callable[[typer.TyperException], Text]] = MappingProxyType({
    "NoSuchOption": _no_such_option,
    "MissingParameter": _missing,
    "BadParameter": _not_valid,
    "BadOptionUsage": _ill_used,
})  # fmt: skip
