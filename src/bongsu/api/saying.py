"""What is wrong with a value, in both languages: pydantic's own words are English only, and may repeat what was sent."""

from collections.abc import Sequence
from typing import Any

from bongsu.language import Language, Text

_SAID = {
    "missing": Text("빠졌습니다.", "is missing."),
    "extra_forbidden": Text("모르는 이름입니다.", "is not a name that is known here."),
    "string_type": Text("글이 아닙니다.", "is not a text."),
    "string_too_short": Text("너무 짧습니다.", "is too short."),
    "string_too_long": Text("너무 깁니다.", "is too long."),
    "string_pattern_mismatch": Text("형식에 맞지 않습니다.", "does not have the form that the schema says."),
    "int_type": Text("정수가 아닙니다.", "is not an integer."),
    "int_parsing": Text("정수가 아닙니다.", "is not an integer."),
    "int_from_float": Text("정수가 아닙니다.", "is not an integer."),
    "bool_type": Text("참·거짓이 아닙니다.", "is neither true nor false."),
    "bool_parsing": Text("참·거짓이 아닙니다.", "is neither true nor false."),
    "greater_than_equal": Text("너무 작습니다.", "is too small."),
    "less_than_equal": Text("너무 큽니다.", "is too large."),
    "too_short": Text("너무 적습니다.", "has too few entries."),
    "too_long": Text("너무 많습니다.", "has too many entries."),
    "list_type": Text("목록이 아닙니다.", "is not a list."),
    "dict_type": Text("객체가 아닙니다.", "is not an object."),
    "model_type": Text("객체가 아닙니다.", "is not an object."),
    "model_attributes_type": Text("객체가 아닙니다.", "is not an object."),
    "enum": Text("고를 수 있는 값이 아닙니다.", "is not one of the values to choose from."),
    "literal_error": Text("고를 수 있는 값이 아닙니다.", "is not one of the values to choose from."),
    "uuid_parsing": Text("UUID가 아닙니다.", "is not a UUID."),
    "uuid_type": Text("UUID가 아닙니다.", "is not a UUID."),
    "out_of_range": Text("1900년부터 2200년까지만 받습니다.", "lies outside the years 1900 to 2200."),
    "value_error": Text(
        "받을 수 없는 값입니다. 날과 시각은 RFC 3339로, 시각에는 시간대 차를 적습니다.",
        "cannot be taken. Days and moments are written as in RFC 3339, moments with their offset.",
    ),
}
_OTHER = Text("받을 수 없는 값입니다.", "cannot be taken.")
_MOST = 20  # a caller with more mistakes than this reads the schema again


def places(errors: Sequence[dict[str, Any]], reads: Language) -> list[dict[str, str]]:
    """Each wrong place: where, which kind, and in words."""
    return [
        {
            "where": _where(error["loc"]),
            "kind": error["type"],
            "what": _SAID.get(error["type"], _OTHER).to(reads),
        }
        for error in errors[:_MOST]
    ]


def _where(place: Sequence[object]) -> str:
    """Names of our schema only: a name that the caller made up is not repeated."""
    return ".".join(str(step) for step in place)[:100]
